import { hostname } from 'node:os'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { behaviors } from './behaviors/registry.gen.ts'
import { connectorsFrom } from './assemble.ts'
import { describeError, errorLines, exitCodeOf } from './cli/output/describe-error.ts'
import type { Host } from './server/process/host.ts'
import { createLog } from './cli/output/log.ts'
import { createProgram, isQuietEnd } from './cli/program.ts'
import { commandList } from './cli/command-list.gen.ts'
import { loadCommands } from './cli/load-commands.ts'
import { commands } from './cli/registry.gen.ts'
import { listenForStops } from './server/process/stop-signals.ts'
import { createTerminal } from './server/process/terminal.ts'
import { emulators } from './emulators/registry.gen.ts'
import { targets } from './targets/registry.gen.ts'
import { warehouses } from './warehouses/registry.gen.ts'

/** All is closed when a command ends; should something hold the process nevertheless, it is not waited for longer than this. */
const lingerMs = 3000

/** The command line. Sets `process.exitCode`, and leaves nothing open. */
export async function main(argv: readonly string[]): Promise<void> {
  const { env } = process
  const terminal = createTerminal(process.stdout, process.stderr, env)
  let clock = (): number => Date.now()
  const now = (): number => clock()
  const host: Host = {
    version: version(), packageDir: fileURLToPath(new URL('..', import.meta.url)), env, cwd: process.cwd(), now, random: () => Math.random(), worker: `${hostname()}:${process.pid}`,
    terminal, log: createLog(terminal, env['TAILRACE_LOG']), connectors: connectorsFrom(targets, warehouses, behaviors), emulators,
    stops: listenForStops(process, () => performance.now()),
    follow(given) {
      clock = given
    },
    exit(code) {
      process.exitCode = code
    },
  }
  const fail = async (error: unknown): Promise<void> => {
    terminal.live(undefined)
    const report = describeError(error)
    if (report.kind === 'bug') host.log.debug('unexpected', { stack: error instanceof Error ? error.stack : String(error) })
    for (const line of errorLines(report, terminal.noteColors)) terminal.note(line)
    if (argv.includes('--json')) await terminal.json({ error: report })
    process.exitCode = exitCodeOf(report.kind)
  }
  const unexpected = (error: unknown): void => void fail(error).then(() => process.exit())
  process.on('unhandledRejection', unexpected).on('uncaughtException', unexpected)
  try {
    await createProgram(await loadCommands(argv, commandList, commands), host, host.version).parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (isQuietEnd(error)) process.exitCode = error.exitCode === 0 ? 0 : exitCodeOf('usage')
    else await fail(error)
  }
  setTimeout(() => process.exit(), lingerMs).unref()
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}
