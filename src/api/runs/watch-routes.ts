import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import type { RunEvent, WatchedProgress } from '../../engine/jobs/run-hub.ts'
import { isEnded, noCounts } from '../../model/run.ts'
import { findListedRun, type ListedRun } from '../../store/runs/run-pages.ts'
import { openEventStream, type EventStream } from '../event-stream.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { watchAll, watchRun, type runProgress } from './contract.ts'
import { requireRun, showRun } from './show-run.ts'

/** Minimum interval between progress events of one Run. */
const flushMs = 250
/** Polling interval of the Run's row: its worker may have died without sending an event. */
const lookMs = 3000

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    runs: { hub },
    now,
    log,
  } = services

  mount(app, services, watchRun, async ({ params: { run: id }, signal }) => {
    const run = await requireRun(pool, id)
    const end = async (): Promise<void> => {
      const ended = await findListedRun(pool, id)
      if (ended === undefined) return events.end()
      if (ended.finishedAt === null && ended.status !== 'interrupted') return
      events.send('end', showRun(ended, now()))
      events.end()
    }
    const look = (): void =>
      void end().catch((error: unknown) =>
        log.debug('a watched Run could not be read', { run: id, message: String(error) }),
      )
    const gathered = gather(() => events, look)
    const unsubscribe = hub.subscribe(
      (event) => event.type === 'progress' && event.progress.run === id && gathered.add(event.progress),
    )
    const timer = setInterval(look, lookMs)
    const events = openEventStream(signal, () => {
      clearInterval(timer)
      gathered.stop()
      unsubscribe()
    })
    if (run.finishedAt === null)
      events.send('progress', showProgress(hub.current().find((each) => each.run === id) ?? progressOf(run)))
    look()
    return events.stream
  })

  mount(app, services, watchAll, ({ signal }) => {
    const gathered = gather(
      () => events,
      ({ activation }) => events.send('changed', { activations: [activation] }),
    )
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'progress') gathered.add(event.progress)
      else events.send('changed', { activations: event.activations })
    }
    const unsubscribe = hub.subscribe(onEvent)
    const events = openEventStream(signal, () => {
      gathered.stop()
      unsubscribe()
    })
    for (const progress of hub.current()) events.send('progress', showProgress(progress))
    return Promise.resolve(events.stream)
  })
}

/** Throttles progress to the latest of each Run. Sends the end of a Run at once. */
function gather(to: () => EventStream, onEnd: (progress: WatchedProgress) => void) {
  const latest = new Map<number, WatchedProgress>()
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    timer = undefined
    if (to().isBehind) return schedule()
    for (const progress of latest.values()) to().send('progress', showProgress(progress))
    latest.clear()
  }
  const schedule = (): void => {
    timer ??= setTimeout(flush, flushMs)
  }
  return {
    add(progress: WatchedProgress): void {
      if (isEnded(progress.status)) {
        latest.delete(progress.run)
        to().send('progress', showProgress(progress))
        onEnd(progress)
      } else {
        latest.set(progress.run, progress)
        schedule()
      }
    },
    stop: (): void => clearTimeout(timer),
  }
}

function showProgress({ rate, ...progress }: WatchedProgress): z.output<typeof runProgress> {
  return {
    ...progress,
    rate:
      rate === undefined
        ? null
        : {
            name: rate.name,
            limit: rate.limit,
            remaining: rate.remaining,
            resetAt:
              rate.resetsAt !== undefined && Number.isFinite(rate.resetsAt)
                ? new Date(rate.resetsAt).toISOString()
                : null,
          },
  }
}

/** Progress derived from the Run's row, if no live progress is known. */
function progressOf({ id, activation, status, counts }: ListedRun): WatchedProgress {
  const { read, invalid, planned } = { ...noCounts, ...counts }
  return {
    run: id,
    activation,
    status,
    read,
    invalid,
    planned,
    answered: 0,
    failed: 0,
    pending: 0,
    rate: undefined,
    perSecond: null,
    etaMs: null,
  }
}
