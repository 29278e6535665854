import type { Pool } from 'pg'
import type { Activation } from '../engine/activation.ts'
import type { RunReport } from '../engine/run-report.ts'
import type { Ports } from '../engine/ports.ts'
import { runActivation, type RunOptions } from '../engine/run.ts'
import { createPublisher, type SharedEvent } from '../server/share-events.ts'
import { exitCode } from '../model/run.ts'
import { openBroadcast } from '../store/queue/broadcast.ts'
import { isPlanRow } from '../store/plans/numbered-plans.ts'
import { effectsJson } from './output/runs/run-figures.ts'
import { describeFault, exitCodeOf } from './output/describe-error.ts'
import { plural } from '../model/figures.ts'
import type { GlobalOptions, Host } from '../server/process/host.ts'
import { createProgressDisplay } from './output/runs/progress-display.ts'
import { portsOf } from '../server/process/local-project.ts'
import { projectTokens } from '../server/process/project-tokens.ts'

/** Runs an Activation with progress on stderr (`live`: only on a terminal). */
export async function performRun(
  host: Host,
  globals: GlobalOptions,
  activation: Activation,
  pool: Pool,
  options: RunOptions = {},
  progress: 'live' | 'always' = 'always',
): Promise<RunReport> {
  return await stoppably(host, globals, pool, progress, (ports) => runActivation(activation, ports, options))
}

/**
 * Does the work of a Run with progress on stderr. The first Ctrl-C stops it safely, the second immediately.
 * `endProgress` removes the live line before other output.
 */
export async function stoppably<Result>(
  host: Host,
  globals: GlobalOptions,
  pool: Pool,
  progress: 'live' | 'always',
  work: (ports: Ports, endProgress: () => void) => Promise<Result>,
): Promise<Result> {
  const { terminal, stops } = host
  const display = createProgressDisplay(terminal, host.now)
  const sayStopping = (): void => {
    const pending = display.last?.pending ?? 0
    terminal.note(
      `Stopping: finishing ${pending > 0 ? plural(pending, 'request') : 'the requests'} in flight … (press Ctrl-C again to stop at once)`,
    )
  }
  const sayAborting = (): void =>
    terminal.note('Stopping at once: records in flight stay unconfirmed, and the next Run reads them.')
  stops.take(sayStopping)
  stops.abort.addEventListener('abort', sayAborting)
  // Publishes progress, so that a server on the same control database shows this Run.
  const publisher = createPublisher(
    openBroadcast<SharedEvent>({
      pool,
      schema: 'tailrace',
      from: host.worker,
      onTrouble: (error) => host.log.debug('progress could not be published', { message: String(error) }),
    }),
    host.now,
  )
  const isShown = terminal.isLive || progress === 'always'
  try {
    return await work(
      portsOf(
        host,
        pool,
        (at) => {
          if (isShown) display.show(at)
          // A plan is not a Run, so servers do not show it.
          if (!isPlanRow(at.run)) publisher.progress(at)
        },
        projectTokens(host, globals, () => pool),
      ),
      display.end,
    )
  } finally {
    stops.abort.removeEventListener('abort', sayAborting)
    display.end()
  }
}

/** A report as JSON: the last line of `run --json`. Includes `effects`, as in `show --json`. */
export async function runJson(report: RunReport, pool: Pool): Promise<object> {
  const {
    run,
    activation,
    status,
    counts: { leftAlone, ...counts },
    requests,
    durationMs,
    notices,
    standing,
    fault,
    verified,
  } = report
  return {
    run,
    activation,
    status,
    counts,
    leftAlone,
    ...(await effectsJson(pool, run)),
    requests,
    durationMs,
    standing,
    notices,
    ...(fault !== undefined && { fault: describeFault(fault) }),
    ...(verified !== undefined && { verified }),
  }
}

export function runExitCode({ status, fault }: RunReport): number {
  return status === 'failed' && fault !== undefined ? exitCodeOf(fault.kind) : exitCode(status)
}
