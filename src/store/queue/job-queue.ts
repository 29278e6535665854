import type { Socket } from 'node:net'
import { PgBoss } from 'pg-boss'
import type { ClientBase, Pool } from 'pg'
import { libpqUrl } from '../database/libpq-url.ts'
import { keptAlive, sessionSettings } from '../database/database-session-settings.ts'

/** Work on one Activation that waits for a worker. The queue stores `data` without interpreting it. */
export interface NewJob<Data extends object> {
  /** A UUID; default: a new one. */
  readonly id?: string
  /** Only one waiting job has this key: a second one is not queued. */
  readonly key: string
  readonly data: Data
  /** Higher goes first. */
  readonly priority: number
  /** Not before this time; default: at once. */
  readonly at?: Date | undefined
}

export interface TakenJob<Data extends object> {
  readonly id: string
  readonly data: Data
}

export interface WaitingJob<Data extends object> {
  readonly id: string
  readonly key: string
  readonly data: Data
  readonly at: Date
}

/**
 * Gives jobs to workers in this and other processes. At least once: the job of a process that died is repeated after
 * about 10 s.
 */
export interface JobQueue<Data extends object> {
  /** Returns its id; null: a job with its key waits already. */
  send(job: NewJob<Data>): Promise<string | null>
  /** Replaces a waiting job with the same key. */
  replace(job: NewJob<Data>): Promise<void>
  sendMany(jobs: readonly NewJob<Data>[]): Promise<void>
  /** Works on up to `concurrency` jobs at a time, until `stop`. A job whose handler throws is repeated. */
  work(concurrency: number, handler: (job: TakenJob<Data>) => Promise<void>): Promise<void>
  /** Waiting jobs whose key has this prefix. */
  waiting(prefix: string): Promise<readonly WaitingJob<Data>[]>
  remove(ids: readonly string[]): Promise<void>
  /** Takes no more jobs, and waits for those in progress, for at most this long. */
  stop(mostMs: number): Promise<void>
}

export interface JobQueueOptions {
  /** Of the control database; contains the password. */
  readonly url: string
  readonly pool: Pool
  /** The control database's schema; the jobs are in a schema beside it. */
  readonly schema: string
  /** The application_name of its connections. */
  readonly applicationName: string
  /** Creates its sockets; default: any. */
  readonly stream?: (() => Socket) | undefined
  readonly onTrouble: (error: unknown) => void
}

const queue = 'run'
/** How often an idle worker looks for jobs that are due; jobs that may start at once are announced by NOTIFY. */
const pollSeconds = 1
const day = 86_400

export function jobsSchema(schema: string): string {
  return `${schema}_jobs`
}

/** pg-boss behind the port (decisions/0002). Creates its schema if needed. */
export async function openJobQueue<Data extends object>({
  url,
  pool,
  schema,
  applicationName,
  stream,
  onTrouble,
}: JobQueueOptions): Promise<JobQueue<Data>> {
  const boss = new PgBoss({
    ...(stream && { stream }),
    ...keptAlive,
    ...forItsPool,
    connectionString: libpqUrl(url),
    schema: jobsSchema(schema),
    application_name: applicationName,
    max: 3,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    monitorVacuum: false,
  })
  boss.on('error', onTrouble)
  await boss.start()
  // `short`: one waiting job per key, however many are in progress. The heartbeat is the shortest that pg-boss allows.
  await boss.createQueue(queue, {
    policy: 'short',
    notify: true,
    retryLimit: 5,
    expireInSeconds: day,
    heartbeatSeconds: 10,
    deleteAfterSeconds: 3600,
    retentionSeconds: 30 * day,
  })
  const options = ({ id, key, priority, at }: NewJob<Data>) => ({
    singletonKey: key,
    priority,
    startAfter: at ?? 0,
    ...(id !== undefined && { id }),
  })
  return {
    send: async (job) => await boss.send(queue, job.data, options(job)),
    async replace(job) {
      const { key: singletonKey, priority, at: startAfter = new Date(0) } = job
      await boss.upsert(queue, job.data, { singletonKey, priority, startAfter })
    },
    async sendMany(jobs) {
      if (jobs.length > 0)
        await boss.insert(
          queue,
          jobs.map((job) => ({ data: job.data, ...options(job) })),
        )
    },
    async work(concurrency, handler) {
      await boss.work<Data>(
        queue,
        {
          localConcurrency: concurrency,
          pollingIntervalSeconds: pollSeconds,
          notifyPollingIntervalSeconds: pollSeconds,
        },
        async (jobs) => {
          for (const { id, data } of jobs) await handler({ id, data })
        },
      )
    },
    async waiting(prefix) {
      const { rows } = await pool.query<WaitingJob<Data>>(
        `select id, singleton_key as key, data, start_after as at from ${jobsSchema(schema)}.job where name = $1 and state < 'active' and starts_with(singleton_key, $2)`,
        [queue, prefix],
      )
      return rows
    },
    async remove(ids) {
      if (ids.length > 0) await boss.deleteJob(queue, [...ids])
    },
    stop: async (mostMs) => await boss.stop({ graceful: true, timeout: mostMs }),
  }
}

/** pg-boss passes its options to the `pg` pool that it creates. */
const forItsPool: object = {
  onConnect: async (client: ClientBase) => {
    await client.query(sessionSettings())
  },
}

/** Jobs of this Activation that may start at once but wait for a worker, the longest waiting first. */
export async function readWaiting<Data extends object>(
  pool: Pool,
  schema: string,
  activation: string,
): Promise<readonly (WaitingJob<Data> & { readonly since: Date })[]> {
  if (!(await hasJobs(pool, schema))) return []
  const { rows } = await pool.query<WaitingJob<Data> & { since: Date }>(
    `select id, singleton_key as key, data, start_after as at, greatest(start_after, created_on) as since from ${jobsSchema(schema)}.job
     where name = $1 and state < 'active' and start_after <= now() and data ->> 'activation' = $2 order by since, id`,
    [queue, activation],
  )
  return rows
}

async function hasJobs(pool: Pool, schema: string): Promise<boolean> {
  const {
    rows: [known],
  } = await pool.query<{ known: boolean }>('select to_regclass($1) is not null as known', [`${jobsSchema(schema)}.job`])
  return known?.known === true
}

/** When jobs with these keys start, by key. Empty if no server ever ran on this database. */
export async function readStartTimes(
  pool: Pool,
  schema: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (keys.length === 0 || !(await hasJobs(pool, schema))) return new Map()
  const { rows } = await pool.query<{ key: string; at: Date }>(
    `select singleton_key as key, min(start_after) as at from ${jobsSchema(schema)}.job where name = $1 and state < 'active' and singleton_key = any($2::text[]) group by 1`,
    [queue, keys],
  )
  return new Map(rows.map(({ key, at }) => [key, at]))
}
