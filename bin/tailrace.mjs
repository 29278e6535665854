#!/usr/bin/env node
// Starts Tailrace under a Node that can run it. Plain JavaScript that Node 18 understands: this file is all an older Node sees.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isCapable, relaunch } from './relaunch.mjs'

if (isCapable(process.versions.node)) await start()
else relaunch()

async function start() {
  dieWithLauncher()
  hushTypeStripping()
  keepCompiled()
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

/**
 * What was compiled once (and freed of types, in a checkout) is kept, in the place that npm packages have for that: starting takes a third
 * of the time. Never in a directory that others may write to, since what is read there is executed. Where it cannot be written, nothing is kept.
 */
function keepCompiled() {
  const packageDir = fileURLToPath(new URL('..', import.meta.url))
  const above = dirname(packageDir)
  module.enableCompileCache?.(
    join(basename(above) === 'node_modules' ? above : join(packageDir, 'node_modules'), '.cache', 'tailrace'),
  )
}

/** Node 22 and early 24 announce on stderr that type stripping is experimental; it is ours to know, not the user's. */
function hushTypeStripping() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (String(warning).startsWith('Type Stripping')) return
    emitWarning.call(process, warning, ...rest)
  }
}
