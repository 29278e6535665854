import {
  afterPartOfIt,
  Interrupted,
  type HttpReply,
  type Io,
  type Key,
  type Operation,
  type Outcome,
  type Outcomes,
} from '../../../connect/index.ts'
import { notFound, requestOf } from '../answer.ts'
import { readCompany, type Company } from './read-company.ts'

/** Reads in flight at once while looking for the companies that an answer left out. */
const readsAtOnce = 10

/**
 * Separates, in an answer of 2.16 or newer, tagged companies from companies skipped because they do not exist.
 * `listed`: the ids in the answer, undefined if it has none. They are Intercom's own ids even when the request used
 * `company_id`, so ids that cannot be matched are counted. If the count falls short, the companies are read until as
 * many are found missing.
 */
export async function settleCompanies(
  io: Io,
  operations: readonly Operation[],
  tagId: string,
  listed: ReadonlySet<string> | undefined,
  reply: HttpReply,
): Promise<Outcomes> {
  const outcomes = new Map<Key, Outcome>()
  const done: Outcome = { status: 'delivered', ...requestOf(reply) }
  const left: Operation[] = []
  for (const operation of operations) {
    if (operation.identity.field === 'id' && listed?.has(operation.identity.value) === true)
      outcomes.set(operation.key, done)
    else left.push(operation)
  }
  const asked = new Set(operations.map(({ identity }) => identity.value))
  const lists = operations[0]?.identity.field === 'id' ? [...(listed ?? [])].every((id) => asked.has(id)) : true
  let missing = listed === undefined ? left.length : operations.length - listed.size
  // If the answer lists more ids than were sent, or other ids, the count proves nothing: read all.
  if (missing < 0 || !lists) missing = left.length
  while (left.length > 0 && missing > 0) {
    const read = await readSome(io, left.splice(0, readsAtOnce), outcomes)
    for (const { operation, company } of read) {
      if (company === null) missing -= 1
      const outcome =
        company === null
          ? notFound('company', operation.identity, reply)
          : judged(
              operation,
              company.tags.some(({ id }) => id === tagId),
              done,
              reply,
            )
      outcomes.set(operation.key, outcome)
    }
  }
  for (const { key } of left) outcomes.set(key, done)
  return outcomes
}

/**
 * The call was carried out. If reading fails, the companies not read yet stay unconfirmed; the others keep their
 * Outcomes.
 */
async function readSome(
  io: Io,
  operations: readonly Operation[],
  settled: Outcomes,
): Promise<readonly { operation: Operation; company: Company | null }[]> {
  try {
    return await Promise.all(
      operations.map(async (operation) => ({ operation, company: await readCompany(io, operation.identity) })),
    )
  } catch (error) {
    throw new Interrupted(afterPartOfIt(error), settled)
  }
}

function judged(operation: Operation, holds: boolean, done: Outcome, reply: HttpReply): Outcome {
  return holds === (operation.kind === 'attach')
    ? done
    : {
        status: 'on-hold',
        code: 'skipped',
        message: 'The answer of Intercom does not contain this company, although it exists.',
        ...requestOf(reply),
      }
}
