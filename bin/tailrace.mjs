#!/usr/bin/env node
// Starts Tailrace under a Node that can run it. Plain JavaScript that Node 18 understands: this file is all an older Node sees.
import { existsSync } from 'node:fs'
import { isCapable, relaunch } from './relaunch.mjs'

if (isCapable(process.versions.node)) await start()
else relaunch()

async function start() {
  dieWithLauncher()
  hushTypeStripping()
  // A checkout runs its sources. A published package holds only dist/, since Node strips no types below node_modules.
  const sources = new URL('../src/main.ts', import.meta.url)
  const entry = existsSync(sources) ? sources : new URL('../dist/main.js', import.meta.url)
  const { main } = await import(entry.href)
  await main(process.argv.slice(2))
}

/** A launcher killed outright (-9, out of memory) must not leave a Run going on behind its back. */
function dieWithLauncher() {
  if (process.channel === undefined) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel.unref()
}

/** Node 22 and early 24 announce on stderr that type stripping is experimental; it is ours to know, not the user's. */
function hushTypeStripping() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (String(warning).startsWith('Type Stripping')) return
    emitWarning.call(process, warning, ...rest)
  }
}
