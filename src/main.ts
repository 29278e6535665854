import { hostname } from 'node:os'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { behaviors } from './behaviors/registry.gen.ts'
import { connectorsFrom } from './assemble.ts'
import { describeError, errorLines, exitCodeOf } from './cli/output/describe-error.ts'
import type { Host } from './server/process/host.ts'
import { createLog } from './cli/output/log.ts'
import { createProgram, isQuietEnd, loadCommands } from './cli/program.ts'
import { commandList } from './cli/command-list.gen.ts'
import { commands } from './cli/registry.gen.ts'
import { listenForStops, type StopSignals } from './server/process/stop-signals.ts'
import { createTerminal, type Output } from './server/process/terminal.ts'
import { emulators } from './targets/emulators.gen.ts'
import { targets } from './targets/registry.gen.ts'
import { warehouses } from './warehouses/registry.gen.ts'

/** A command closes everything when it ends. If something still keeps the process alive, it exits after this long. */
const lingerMs = 3000

/** The environment that a command line runs in: the real process, or a test's own. */
export interface ProcessSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Output
  readonly stops: StopSignals
  /** Default: the registries. */
  readonly connectors?: Host['connectors']
  /** Sets the exit code. */
  exit(code: number): void
}

interface CommandLine {
  /** Runs the command, and leaves nothing open. */
  carryOut(): Promise<void>
  /** Reports an error and sets the exit code. */
  fail(error: unknown): Promise<void>
}

/** Runs the command line of this process. Sets `process.exitCode` and leaves nothing open. */
export async function main(argv: readonly string[]): Promise<void> {
  const { env, stdout, stderr } = process
  const exit = (code: number): void => void (process.exitCode = code)
  const { carryOut, fail } = openCommandLine(argv, {
    env,
    cwd: process.cwd(),
    stdout,
    stderr,
    stops: listenForStops(process, () => performance.now()),
    exit,
  })
  const unexpected = (error: unknown): void => void fail(error).then(() => process.exit())
  process.on('unhandledRejection', unexpected).on('uncaughtException', unexpected)
  await carryOut()
  setTimeout(() => process.exit(), lingerMs).unref()
}

/** A command line that uses only what it is given, nothing else of its process. */
export function openCommandLine(
  argv: readonly string[],
  { env, cwd, stdout, stderr, stops, exit, connectors }: ProcessSurroundings,
): CommandLine {
  const terminal = createTerminal(stdout, stderr, env)
  let clock = (): number => Date.now()
  const now = (): number => clock()
  const host: Host = {
    version: version(),
    packageDir: fileURLToPath(new URL('..', import.meta.url)),
    env,
    cwd,
    now,
    random: () => Math.random(),
    worker: `${hostname()}:${process.pid}`,
    terminal,
    log: createLog(terminal, env['TAILRACE_LOG']),
    connectors: connectors ?? connectorsFrom(targets, warehouses, behaviors),
    emulators,
    stops,
    exit,
    follow(given) {
      clock = given
    },
  }
  const fail = async (error: unknown): Promise<void> => {
    terminal.live(undefined)
    const report = describeError(error)
    if (report.kind === 'bug')
      host.log.debug('unexpected', { stack: error instanceof Error ? error.stack : String(error) })
    for (const line of errorLines(report, terminal.noteColors)) terminal.note(line)
    if (argv.includes('--json')) await terminal.json({ error: report })
    exit(exitCodeOf(report.kind))
  }
  return {
    fail,
    async carryOut() {
      try {
        await createProgram(await loadCommands(argv, commandList, commands), host, host.version).parseAsync(argv, {
          from: 'user',
        })
      } catch (error) {
        if (isQuietEnd(error)) exit(error.exitCode === 0 ? 0 : exitCodeOf('usage'))
        else await fail(error)
      }
    },
  }
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
