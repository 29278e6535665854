import assert from 'node:assert/strict'
import {
  partialOutcomes,
  type Fault,
  type Fields,
  type Found,
  type HttpRequest,
  type Identity,
  type DeliverIo,
  type Observed,
  type Operation,
  type OperationKind,
  type Outcomes,
} from '../../connect/index.ts'
import { withConnection, type ConnectionOptions, type HarnessConnection } from '../target-kit/harness-connection.ts'
import type { RecordCase, RecordHarness } from './record-harness.ts'

/** One requested write: an Operation without `key` and `groups`, which follow from its position. */
export type Asked = Omit<Operation, 'key' | 'group'>

/** A connection to an emulator, and the calls that the kit makes. */
export interface RecordSession {
  readonly harness: RecordHarness
  readonly io: DeliverIo
  /** Resolves and prepares again, as a Run does at its start. The other calls use the latest result. */
  ready(): Promise<unknown>
  /** A creation under this name, with the values that every new target record needs. */
  asNew(kind: 'create' | 'upsert', name: string, fields?: Fields): Asked
  /** `order`: the keys of the Operations. Default: their positions. */
  deliver(asked: readonly Asked[], order?: readonly string[]): Promise<Delivered>
  find(field: string, values: readonly string[]): Promise<readonly Found[]>
  observe(want: readonly Identity[]): Promise<readonly Observed[]>
  /** Runs `act`, which must throw a Fault, and returns that Fault. */
  fault(act: () => Promise<unknown>): Promise<Fault>
  abort(): void
}

export interface Delivered {
  /** By key. When the delivery threw, the outcomes known by then. */
  readonly outcomes: Outcomes
  readonly fault: Fault | undefined
  /** Requests of the delivery. The client's repetitions are not counted. */
  readonly requests: readonly HttpRequest[]
}

/** Runs `body` on a new emulator; see `withConnection`. */
export function withRecords(
  testCase: RecordCase,
  options: ConnectionOptions,
  body: (session: RecordSession) => Promise<void>,
): Promise<void> {
  return withConnection(testCase, options, (connection) => body(sessionOf(testCase, connection)))
}

function sessionOf(
  testCase: RecordCase,
  { harness, io, say, heard, fault, abort }: HarnessConnection<RecordHarness>,
): RecordSession {
  const { object, identifier } = testCase
  let latest: Promise<unknown> | undefined
  const resolve = async (): Promise<unknown> => {
    const resolved = await object.resolve(io, object.settings.parse(testCase.settings ?? {}))
    return (await object.prepare(io, resolved.ready)).ready
  }
  const ready = (): Promise<unknown> => (latest = resolve())
  return {
    harness,
    io,
    fault,
    abort,
    ready,
    asNew(kind, name, fields = {}) {
      const identity = { field: identifier, value: name }
      return { kind, identity, identities: [identity], fields: { ...testCase.always, ...fields } }
    },
    async deliver(asked, order = asked.map((_, at) => String(at))) {
      const operations = asked.map((each, at): Operation => ({ key: order[at] ?? assert.fail(), group: '', ...each }))
      const made = await (latest ?? ready())
      const requests: HttpRequest[] = []
      const counting = {
        ...io,
        http: { send: (request: HttpRequest) => (requests.push(request), io.http.send(request)) },
      }
      let outcomes: Outcomes
      let thrown: Fault | undefined
      try {
        outcomes = await object.deliver(counting, made, operations)
        assert.deepEqual([...outcomes.keys()].sort(), [...order].sort(), 'one outcome for each operation')
      } catch (error) {
        thrown = heard(error)
        outcomes = partialOutcomes(error)
      }
      say(outcomes)
      return { outcomes, fault: thrown, requests }
    },
    async find(field, values) {
      const finder = object.find ?? assert.fail(`${object.id} finds nothing`)
      return gathered(finder.find(io, await (latest ?? ready()), field, values))
    },
    observe: async (want) => gathered(object.read(io, await (latest ?? ready()), want)),
  }
}

/** An Operation on the target record with this id of the target. */
export function onTargetRecord(kind: OperationKind, id: string, fields?: Fields): Asked {
  return { kind, identity: { field: 'id', value: id }, ...(fields === undefined ? {} : { fields }) }
}

export async function gathered<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
