import { setTimeout as delay } from 'node:timers/promises'
import { Command } from 'commander'
import type { Pool } from 'pg'
import { settleInterrupted, type SettledRuns } from '../../engine/settle-interrupted.ts'
import { isHeld, requestCancel } from '../../store/runs/activation-lock.ts'
import { findRun, type RunSummary } from '../../store/runs/runs.ts'
import { plural, time } from '../../model/figures.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import { withHistory } from '../../server/process/local-project.ts'
import { readRunNumber, unknownRun } from '../arguments.ts'
import { statusMark } from '../output/runs/run-summary.ts'

const askAgainMs = 500

export const command = new Command('cancel')
  .description('stop a Run safely, from any terminal: requests in flight are finished and recorded')
  .argument('<run>', 'number of the Run', readRunNumber)
  .addHelpText(
    'after',
    `
Waits until the Run has ended. The next Run of the activation continues where this one stopped. If the process of the Run is gone,
records in flight are recorded as unconfirmed, and the activation is free.

Examples:
  $ tailrace cancel 12`,
  )
  .action(async (id: number, _options: unknown, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool) => {
      const run = await findRun(pool, id)
      if (run === undefined) throw await unknownRun(pool, id)
      const isRunning = run.finishedAt === null && (await isHeld(pool, run.activationId))
      if (isRunning) {
        host.stops.take(() => terminal.note(`No longer waiting; Run ${id} was asked to stop.`))
        terminal.note(`Stopping Run ${id} (${run.worker}): waiting for the requests in flight …`)
      }
      const isGone = run.finishedAt === null && !isRunning
      const settled = isGone ? await settleInterrupted(pool, run.activationId, run.activation) : undefined
      const ended = isRunning
        ? await stop(pool, run, host.stops.stop)
        : isGone
          ? ((await findRun(pool, id)) ?? run)
          : run
      if (globals.json)
        return await terminal.json({ run: id, activation: run.activation, status: ended.status, wasRunning: isRunning })
      await terminal.print(
        settled === undefined
          ? words(
              run,
              ended,
              isRunning,
              `${statusMark(ended.status, terminal.colors)} ${terminal.colors.bold(run.activation)}`,
            )
          : goneWords(run, settled, terminal.colors.yellow('!')),
      )
    })
  })

/** Repeats the request until the Run ends: a Run that just started may not listen yet. */
async function stop(pool: Pool, run: RunSummary, signal: AbortSignal): Promise<RunSummary> {
  let now = run
  while (now.finishedAt === null && !signal.aborted && (await isHeld(pool, run.activationId))) {
    await requestCancel(pool, run.id)
    await delay(askAgainMs)
    now = (await findRun(pool, run.id)) ?? run
  }
  return now
}

function goneWords({ id, activation, worker }: RunSummary, { unconfirmed }: SettledRuns, mark: string): string {
  const sent =
    unconfirmed === 0
      ? 'Nothing was in flight.'
      : `${plural(unconfirmed, 'record')} ${unconfirmed === 1 ? 'was' : 'were'} in flight and ${unconfirmed === 1 ? 'is' : 'are'} unconfirmed: the next Run reads them first.`
  return `${mark} ${activation}: Run ${id} was interrupted: its process is gone (${worker}). ${sent}`
}

function words(run: RunSummary, ended: RunSummary, wasRunning: boolean, head: string): string {
  if (ended.finishedAt !== null)
    return wasRunning
      ? `${head}: Run ${run.id} ${ended.status}.`
      : `${head}: Run ${run.id} is not running: it ended ${time(ended.finishedAt)}, ${ended.status}.`
  if (wasRunning) return `${head}: Run ${run.id} was asked to stop.`
  return `${head}: Run ${run.id} is not running.`
}
