// Runs the same command under the Node that npm installed beside us, and stands in for it: signals, exit code, death.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** undici 8 needs 22.19; running TypeScript without a flag needs 22.18. */
const wanted = [22, 19]
/** npm passes on the Ctrl-C that the terminal already sent us: two signals this close together are one. */
const sameSignalMs = 250
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH']

export function isCapable(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1])
}

export function relaunch() {
  const node = bundledNode()
  if (node === undefined) return explain('there is none beside this installation')

  // A process group of its own: what the terminal sends to our group reaches it through us, and so once.
  const child = spawn(node, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true })
  const lastSent = new Map()
  for (const signal of forwarded) {
    process.on(signal, () => {
      const now = Date.now()
      if (now - (lastSent.get(signal) ?? 0) < sameSignalMs) return
      lastSent.set(signal, now)
      child.kill(signal)
    })
  }
  process.on('SIGTSTP', () => {
    child.kill('SIGSTOP')
    process.kill(process.pid, 'SIGSTOP')
  })
  process.on('SIGCONT', () => child.kill('SIGCONT'))

  child.on('error', (error) => explain(`${node} could not be started (${error.message})`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function bundledNode() {
  const require = createRequire(import.meta.url)
  try {
    const path = join(dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)), 'bin', 'node')
    return existsSync(path) ? path : undefined
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function explain(why) {
  console.error(`tailrace needs Node ${wanted.join('.')} or newer; this is Node ${process.versions.node}, and ${why}.`)
  console.error('On Linux (x64, arm64) `npm ci` brings Node 24 along, unless it was told to omit optional packages.')
  console.error('Elsewhere install Node 24 from https://nodejs.org and run the command again.')
  process.exit(2)
}
