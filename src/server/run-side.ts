import { troubleFrom } from '../api/connections/show-connection.ts'
import type { Project } from '../api/project/saved-project.ts'
import type { Log } from '../connect/io.ts'
import type { TokenStore } from '../http/auth/token-store.ts'
import type { ProxyVariables } from '../http/proxy-route.ts'
import type { RunJob } from '../engine/jobs/run-jobs.ts'
import { createRunHub, type RunHub } from '../engine/jobs/run-hub.ts'
import { createScheduler, type ScheduledActivation } from './scheduler.ts'
import { createPublisher, type SharedEvent } from './share-events.ts'
import { createWorker, type Worker } from './worker.ts'
import { isEnded } from '../model/run.ts'
import { listen, openBroadcast } from '../store/queue/broadcast.ts'
import type { ControlDatabase } from '../store/database/control-database.ts'
import { openJobQueue } from '../store/queue/job-queue.ts'
import { forgetOldPlans } from '../store/plans/kept-plans.ts'
import { forgetUnusedTokens } from '../store/project/oauth-tokens.ts'
import { forgetOldDrafts } from '../store/plans/numbered-plans.ts'
import { findEntry, listAllEntries, saveHealth } from '../store/project/project-entries.ts'
import { endSilentSessions, forgetOldProcesses } from '../store/queue/processes.ts'
import { pruneRuns } from '../store/runs/prune-runs.ts'
import { createTroubleLog } from './database-log.ts'
import { watchConnections, type SaveHealth } from './watch-connections.ts'

export interface RunSideOptions {
  readonly database: ControlDatabase
  readonly project: Project
  readonly worker: string
  readonly log: Log
  readonly now: () => number
  readonly random: () => number
  readonly keepRunsDays: number
  /** Redacts every secret known so far. */
  readonly redact: (text: string) => string
  /** Environment variables that name proxies for Targets. */
  readonly proxies: ProxyVariables
  readonly tokens: TokenStore
}

/** The part of a server that runs Activations. A worker consists of this part; a server has it beside the API. */
export interface RunSide {
  readonly hub: RunHub
  readonly worker: Worker
  /** These Activations were saved, paused, resumed or deleted: updates their schedules and notifies watchers. */
  changed(activations: readonly string[]): void
  /** Starts to keep schedules in step with the saved configuration. Runs in the background. */
  keepTime(): void
  /** Lets Runs finish what is in flight, for at most `mostMs`, and closes. */
  stop(mostMs: number): Promise<void>
}

const reconcileMs = 60_000
const upkeepMs = 3_600_000

export async function openRunSide({
  database,
  project,
  worker: name,
  log,
  now,
  random,
  keepRunsDays,
  redact,
  proxies,
  tokens,
}: RunSideOptions): Promise<RunSide> {
  const { pool, url, schema, applicationName, stream } = database
  const trouble = createTroubleLog(log)
  const onTrouble = trouble.reported
  const queue = await openJobQueue<RunJob>({ url, pool, schema, applicationName, stream, onTrouble })
  const hub = createRunHub(now)
  // Containers on the host's network may share host name and process number; each must receive the others' events.
  const from = `${name} ${random()}`
  const publisher = createPublisher(openBroadcast<SharedEvent>({ pool, schema, from, onTrouble }), now)
  const list = async (names?: readonly string[]): Promise<readonly ScheduledActivation[]> => {
    const entries =
      names === undefined
        ? await listAllEntries(pool, ['activations'])
        : (await Promise.all(names.map((each) => findEntry(pool, 'activations', each)))).filter(
            (entry) => entry !== undefined,
          )
    const judged = await project.validationCache(entries)
    // An Activation that is not valid has no schedule until it is corrected.
    return entries.map(({ name: activation, paused, updatedAt }) => {
      const { schedule = null, trouble } = judged.get(activation) ?? {}
      return { name: activation, paused, savedAt: updatedAt, schedule: trouble === undefined ? schedule : null }
    })
  }
  const scheduler = createScheduler({ queue, database: pool, now, random, list })
  const note: SaveHealth = async (section, connection, fault) =>
    await saveHealth(pool, section, connection, fault === undefined ? null : troubleFrom(fault, redact))
  const worker = createWorker({
    queue,
    scheduler,
    load: async (activation) => watchConnections(await project.activation(activation), note),
    ports: { database: pool, now, random, worker: name, log, proxies, tokens },
    hub: {
      progress(progress) {
        hub.progress(progress)
        publisher.progress(progress)
        if (isEnded(progress.status)) publisher.forget(progress.run)
      },
    },
  })
  const attempt = (what: Promise<unknown>): void => void what.catch(onTrouble)
  const listening = await listen<SharedEvent>(
    url,
    { schema, applicationName, from, stream, onTrouble },
    (event) => {
      if (event.type === 'progress') hub.progress(event.progress)
      else {
        attempt(scheduler.changed(event.activations))
        hub.changed(event.activations)
      }
    },
    () => hub.changed([]),
  )
  const closing = new AbortController()
  const timers: NodeJS.Timeout[] = []
  return {
    hub,
    worker,
    changed(activations) {
      attempt(scheduler.changed(activations))
      hub.changed(activations)
      publisher.changed(activations)
    },
    keepTime() {
      attempt(forgetOldDrafts(pool))
      attempt(scheduler.reconcile())
      const upkeep = (): void =>
        attempt(
          Promise.all([
            forgetOldPlans(pool),
            forgetOldProcesses(pool),
            forgetUnusedTokens(pool),
            pruneRuns(pool, keepRunsDays, closing.signal),
          ]),
        )
      timers.push(
        setInterval(() => attempt(Promise.all([scheduler.reconcile(), endSilentSessions(pool)])), reconcileMs),
        setInterval(upkeep, upkeepMs),
      )
      upkeep()
    },
    async stop(mostMs) {
      closing.abort()
      trouble.close()
      for (const timer of timers) clearInterval(timer)
      try {
        await worker.stop(mostMs)
      } finally {
        await listening.close()
      }
    },
  }
}
