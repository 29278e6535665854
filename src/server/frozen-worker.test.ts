import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../targets/emulators.gen.ts'
import { startCluster, type Cluster, type ClusterWorker, type Said } from '../testing/harness/cluster.ts'
import { lacksNetworks } from '../testing/harness/network-namespaces.ts'
import { isDeep } from '../testing/harness/sample-size.ts'

/**
 * Three workers and a server, each on its own machine. The worker that takes a Run is frozen, or its network is cut, at
 * one step of the Run: at every step with DEEP=1, else at a few. A step is one message to the control database or to
 * Intercom.
 */
/** A process counts as dead ten seconds after its last heartbeat, and its Run is taken over within fifteen more. */
const takenOverMs = 25_000

const skip = lacksNetworks()
const { contactId } = await emulators.intercom()
const people = Array.from({ length: 30 }, (_, i) => contactId(i + 1))
/** The rows of the query after a worker is frozen: half of the people are removed from the query. */
const left = people.filter((_, i) => i % 2 === 0)

let made = 0

type Lapse = 'frozen' | 'cut off'

/** Where to stop a Run: at the step with this number, or at a step whose message matches. */
interface Place {
  readonly name: string
  readonly at: number | RegExp
}

const few: readonly (readonly [Lapse, Place])[] = [
  ['frozen', { name: 'as it begins the Run', at: /start-run/ }],
  ['frozen', { name: 'within the rate budget', at: /rate_budget/ }],
  ['frozen', { name: 'as it marks what it is about to send', at: /mark-batches/ }],
  ['cut off', { name: 'as it marks what it is about to send', at: /mark-batches/ }],
  ['frozen', { name: 'as it writes', at: /^POST \/contacts\/[^/]+\/tags/ }],
  ['cut off', { name: 'as it writes', at: /^POST \/contacts\/[^/]+\/tags/ }],
  ['frozen', { name: 'as it reads what it is about to settle', at: /read-entries/ }],
  ['frozen', { name: 'as it settles what was answered', at: /write-settlement/ }],
]

async function openCluster(index: number): Promise<Cluster> {
  const cluster = await startCluster({ index })
  after(() => cluster.stop())
  await cluster.call('POST', '/api/warehouses', { name: 'shop', type: 'postgres', config: { url: '${WAREHOUSE_URL}' } })
  await cluster.call('POST', '/api/targets', {
    name: 'support',
    type: 'intercom',
    config: { token: '${INTERCOM_TOKEN}', baseUrl: '${INTERCOM_URL}', concurrency: 4 },
  })
  return cluster
}

/** Creates an Activation with its own tag and starts its Run. */
async function begin(cluster: Cluster, wanted: string): Promise<{ readonly name: string; readonly tag: string }> {
  made += 1
  const [name, tag] = [`${wanted}-${made}`, `${wanted} ${made}`]
  const config = {
    warehouse: 'shop',
    query: 'select id from people',
    target: 'support',
    object: 'contact_tag',
    behavior: 'mirror',
    tags: [tag],
    createTag: true,
    identifier: { field: 'id', column: 'id' },
    delivery: 'single',
    limits: { removes: 'off', shrunk: 'off' },
  }
  await cluster.call('POST', '/api/activations', { name, config, run: true })
  return { name, tag }
}

interface Listed {
  readonly run: number
  readonly status: string
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly fault: { readonly code: string } | null
}

async function runsOf(cluster: Cluster, name: string): Promise<readonly Listed[]> {
  return ((await cluster.call('GET', `/api/runs?activation=${name}`)) as { items: readonly Listed[] }).items
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined, what: () => string): Promise<T> {
  for (const since = performance.now(); ;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() - since > 90_000) assert.fail(`waited in vain for ${what()}`)
    await delay(50)
  }
}

async function fill(cluster: Cluster, ids: readonly string[]): Promise<void> {
  await cluster.pool.query(
    'with gone as (delete from people where id <> all($1)) insert into people select unnest($1::text[]) on conflict do nothing',
    [ids],
  )
}

/** Messages that belong to no Run: heartbeats, the queue, and events between workers. */
const besides =
  /activation_hold set seen_at|process as p|tailrace_jobs|pg_notify|LISTEN|select 1|set search_path|application_name|SCRAM|project_entry|delete from process|notify/

/** Reports each step of the worker that begins the next Run. */
function followRun(cluster: Cluster, onStep: (step: number, said: Said) => void): () => void {
  let worker: ClusterWorker | undefined
  let step = 0
  return cluster.listen((said) => {
    if (worker === undefined && said.to === 'database' && said.text.includes('take-activation-lock'))
      worker = said.worker
    if (said.worker !== worker || said.text.length < 8 || besides.test(said.text)) return
    step += 1
    onStep(step, said)
  })
}

async function countSteps(cluster: Cluster): Promise<number> {
  await fill(cluster, people)
  let steps = 0
  const forget = followRun(cluster, (step) => {
    steps = step
  })
  const { name } = await begin(cluster, 'counted')
  await until(
    async () => (await runsOf(cluster, name)).find(({ finishedAt }) => finishedAt !== null),
    () => 'the Run whose steps are counted',
  )
  forget()
  return steps
}

/**
 * No process can check its lease and hand bytes to the operating system in one step. A process frozen between the two sends
 * that one request when it wakes. This is rare: if it happens twice at one place, the check is missing there.
 */
async function lapseAt(cluster: Cluster, lapse: Lapse, place: Place): Promise<void> {
  const late = await writesAfterLapse(cluster, lapse, place)
  if (late.length === 0) return
  assert.equal(late.length, 1, `it wrote after it was taken over: ${late.join(', ')}`)
  assert.deepEqual(
    await writesAfterLapse(cluster, lapse, place),
    [],
    'it wrote after it was taken over, twice at one place',
  )
}

/** The writes that the worker sent after its Run was taken over. */
async function writesAfterLapse(
  cluster: Cluster,
  lapse: Lapse,
  { name: where, at }: Place,
): Promise<readonly string[]> {
  await fill(cluster, people)
  let victim: ClusterWorker | undefined
  let lapsedAt = 0
  const forget = followRun(cluster, (step, { worker, text }) => {
    if (victim !== undefined || !(typeof at === 'number' ? step === at : at.test(text))) return
    victim = worker
    lapsedAt = Date.now()
    if (lapse === 'frozen') worker.child.kill('SIGSTOP')
    else worker.machine.cut()
  })
  const { name, tag } = await begin(cluster, 'lapsed')
  const settled = await until(
    async () => victim ?? (await runsOf(cluster, name)).find(({ finishedAt }) => finishedAt !== null),
    () => `a Run that is ${lapse} ${where}`,
  )
  forget()
  // The number of steps varies slightly between Runs: this Run had fewer.
  if (victim === undefined) {
    assert.ok(typeof at === 'number', `it ended before it came there: ${JSON.stringify(settled)}`)
    return []
  }
  const { child, machine, stderr } = victim
  const wake = (): void => {
    if (lapse === 'frozen') child.kill('SIGCONT')
    else machine.heal()
  }
  try {
    const [broken] = await runsOf(cluster, name)
    if (broken?.finishedAt === null) await othersGoOn(cluster, { name, tag, lapsedAt, broken, where })
  } catch (error) {
    wake()
    throw error
  }

  const late: string[] = []
  const forgetWrites = cluster.listen(({ worker, to, text }) => {
    if (worker === victim && to === 'target' && /^(POST|PUT|DELETE|PATCH) (?!\/[a-z]+\/search)/m.test(text))
      late.push(text.split('\r\n')[0] ?? '')
  })
  const before = cluster.intercom.world.members(tag, 'contact').toSorted()
  const isTakenOver = (await runsOf(cluster, name)).length > 1
  wake()
  await until(
    async () => {
      const { items } = (await cluster.call('GET', '/api/workers')) as {
        items: readonly { name: string; alive: boolean; holds: readonly unknown[] }[]
      }
      return (
        items.some((worker) => worker.name.endsWith(`:${child.pid}`) && worker.alive && worker.holds.length === 0) ||
        undefined
      )
    },
    () => `the worker to be back\n${stderr()}`,
  )
  // The worker has finished with its Run when it logs how the Run ended.
  if (isTakenOver)
    await until(
      () => stderr().includes(`"activation":"${name}"`) || undefined,
      () => `the worker to be through with its Run\n${stderr()}`,
    )
  forgetWrites()
  if (!isTakenOver) return []
  if (late.length === 0) assert.deepEqual(cluster.intercom.world.members(tag, 'contact').toSorted(), before)
  return late
}

interface Lapsed {
  readonly name: string
  readonly tag: string
  readonly lapsedAt: number
  readonly broken: Listed
  readonly where: string
}

async function othersGoOn(cluster: Cluster, { name, tag, lapsedAt, broken, where }: Lapsed): Promise<void> {
  await fill(cluster, left)
  const other = await begin(cluster, 'other')
  const ofOther = await until(
    async () => (await runsOf(cluster, other.name)).find(({ finishedAt }) => finishedAt !== null),
    () => 'the Run of another activation',
  )
  assert.equal(ofOther.status, 'completed', JSON.stringify(ofOther.fault))
  assert.deepEqual(cluster.intercom.world.members(other.tag, 'contact').toSorted(), left.toSorted())
  const next = await until(
    async () => (await runsOf(cluster, name)).find(({ run, finishedAt }) => run !== broken.run && finishedAt !== null),
    () => `another to take over, ${where}`,
  )
  assert.equal(next.status, 'completed', JSON.stringify(next))
  const took = Date.parse(next.startedAt) - lapsedAt
  assert.ok(took < takenOverMs, `it was taken over after ${took} ms`)
  assert.ok(
    ofOther.finishedAt !== null && ofOther.finishedAt < next.startedAt,
    `another Run ended at ${ofOther.finishedAt}, the one that took over began at ${next.startedAt}: it had to wait for it`,
  )
  const ended = (await runsOf(cluster, name)).find(({ run }) => run === broken.run)
  assert.deepEqual([ended?.status, ended?.fault?.code], ['interrupted', 'interrupted'])
  assert.deepEqual(cluster.intercom.world.members(tag, 'contact').toSorted(), left.toSorted())
}

if (skip !== undefined) test('a frozen or cut off worker is taken over', (t) => t.skip(skip))
else if (isDeep) {
  const clusters = await Promise.all([0, 1, 2].map((index) => openCluster(index)))
  const steps = await countSteps(clusters[0] as Cluster)
  const all = Array.from(
    { length: steps },
    (_, i) => [i % 2 === 0 ? 'frozen' : 'cut off', { name: `at step ${i + 1} of ${steps}`, at: i + 1 }] as const,
  )
  test(
    `a worker that is frozen or cut off at each of the ${steps} steps of a Run`,
    { concurrency: clusters.length },
    async (t) => {
      await Promise.all(
        clusters.map((cluster, index) =>
          t.test(`cluster ${index + 1}`, async (each) => {
            for (const [lapse, place] of all.filter((_, i) => i % clusters.length === index))
              await each.test(`${lapse} ${place.name}`, () => lapseAt(cluster, lapse, place))
          }),
        ),
      )
    },
  )
} else {
  const cluster = await openCluster(0)
  for (const [lapse, place] of few) {
    test(`a worker that is ${lapse} ${place.name}: the others go on at once, its Run is taken over, and it writes nothing when it is back`, () =>
      lapseAt(cluster, lapse, place))
  }
}
