import assert from 'node:assert/strict'
import type {
  Fields,
  Found,
  Identity,
  Observed,
  Operation,
  OperationKind,
  Outcome,
  TargetObject,
} from '../../connect/index.ts'
import { startIntercomEmulator, type IntercomEmulator, type IntercomEmulatorOptions } from './emulator/index.ts'
import { canary } from '../../testing/target-kit/harness-connection.ts'
import { withSession, type TargetSession } from '../../testing/target-kit/target-session.ts'
import { target } from './index.ts'

export interface RecordSetup {
  readonly object?: string
  readonly apiVersion?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly emulator?: IntercomEmulatorOptions
}

// oxlint-disable-next-line typescript/no-explicit-any -- what the emulator shows has many shapes
type Loose = any

export interface RecordBench extends Pick<TargetSession, 'io' | 'fault'> {
  readonly object: TargetObject
  readonly emulator: IntercomEmulator
  /** Resolves and prepares again, as a Run does. */
  ready(): Promise<unknown>
  /** Outcomes in the order of the Operations; the keys are their indexes. */
  deliver(operations: readonly Omit<Operation, 'key' | 'group'>[]): Promise<readonly Outcome[]>
  find(field: string, values: readonly string[]): Promise<readonly Found[]>
  observe(want: readonly Identity[]): Promise<readonly Observed[]>
  /** What the emulator returns for this path, or the status of its answer. */
  read(path: string): Promise<Loose>
  /** Reads and writes since the last call of this function. */
  calls(): { readonly reads: number; readonly writes: number }
}

/** A session with an emulated Intercom of 60 contacts and 20 companies. */
export async function recordBench(setup: RecordSetup, body: (bench: RecordBench) => Promise<void>): Promise<void> {
  const { object: id = 'contact', apiVersion = '2.16', settings = {} } = setup
  const object = target.objects.find((each) => each.id === id) ?? assert.fail(`no object ${id}`)
  const emulator = await startIntercomEmulator({
    contacts: 60,
    companies: 20,
    conversations: 0,
    tags: ['Premium'],
    tokens: { [canary]: { scopes: 'all' } },
    ...setup.emulator,
  })
  const none = { field: 'id', value: '0' }
  const testCase = {
    title: '',
    target,
    object,
    identifier: 'id',
    rights: [],
    settings: () => settings,
    start: async () => ({
      groups: [],
      config: (changes: object) => ({ baseUrl: emulator.url, apiVersion, ...changes }),
      withhold: () => undefined,
      existing: () => none,
      unknown: () => none,
      holds: () => [],
      put: () => undefined,
      groupNames: () => [],
      hurt: () => undefined,
      heal: () => emulator.faults.clear(),
      struck: () => false,
      close: () => emulator.close(),
    }),
  }
  await withSession(testCase, { patienceMs: 100 }, async ({ io, fault, resolve }) => {
    const ready = async (): Promise<unknown> => (await object.prepare(io, (await resolve([])).ready)).ready
    let before = emulator.requests.counters()
    await body({
      io,
      fault,
      object,
      emulator,
      ready,
      async deliver(operations) {
        const all = operations.map((operation, at): Operation => ({ key: String(at), group: '', ...operation }))
        const outcomes = await object.deliver(io, await ready(), all)
        assert.deepEqual(
          [...outcomes.keys()].sort(),
          all.map(({ key }) => key).sort(),
          'one outcome for each operation',
        )
        return all.map(({ key }) => outcomes.get(key) ?? assert.fail())
      },
      async find(field, values) {
        const finder = object.find ?? assert.fail('it finds nothing')
        return gathered(finder.find(io, await resolve([]).then((resolved) => resolved.ready), field, values))
      },
      observe: async (want) => gathered(object.read(io, await ready(), want)),
      async read(path) {
        const reply = await fetch(emulator.url + path, {
          headers: { authorization: `Bearer ${canary}`, 'intercom-version': apiVersion },
        })
        return reply.ok ? reply.json() : reply.status
      },
      calls() {
        const now = emulator.requests.counters()
        const since = { reads: now.reads - before.reads, writes: now.writes - before.writes }
        before = now
        return since
      },
    })
  })
}

/** An Operation on the target record with this Intercom id. */
export function on(kind: OperationKind, id: string, fields?: Fields): Omit<Operation, 'key' | 'group'> {
  return { kind, identity: { field: 'id', value: id }, ...(fields === undefined ? {} : { fields }) }
}

/** A create or upsert by one identifier, or by several in order of preference. */
export function by(
  kind: 'create' | 'upsert',
  identity: Readonly<Record<string, string>>,
  fields: Fields = {},
): Omit<Operation, 'key' | 'group'> {
  const identities = Object.entries(identity).map(([field, value]) => ({ field, value }))
  return { kind, identity: identities[0] ?? assert.fail(), identities, fields }
}

/** An Outcome in one line: `delivered`, `delivered created`, or `rejected invalid-value custom_attributes.seats`. */
export function short(outcome: Outcome | undefined): string {
  if (outcome?.status !== 'rejected')
    return [outcome?.status, outcome?.effect === 'changed' ? undefined : outcome?.effect]
      .filter((part) => part !== undefined)
      .join(' ')
  return [outcome.status, outcome.code, outcome.field].filter((part) => part !== undefined).join(' ')
}

export function words(outcome: Outcome | undefined): string {
  return outcome !== undefined && 'message' in outcome ? outcome.message : ''
}

async function gathered<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
