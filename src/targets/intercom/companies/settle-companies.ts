import {
  afterPartOfIt, Interrupted, type HttpReply, type Io, type Key, type Operation, type Outcome, type Outcomes,
} from '../../../connect/index.ts'
import { notFound, requestOf } from '../answer.ts'
import { readCompany, type Company } from './read-company.ts'

/** Reads under way at once while looking for the companies that an answer left out. */
const readsAtOnce = 10

/**
 * Tells apart, in an answer of 2.16 or newer, the companies that were tagged from those that were skipped because they do
 * not exist. `listed` are the ids in the answer, undefined if it had none to show. They are Intercom's own ids even when the
 * request said `company_id`, so what cannot be matched is counted, and if the count falls short, read: until as many are
 * found missing as the count says.
 */
export async function settleCompanies(
  io: Io, operations: readonly Operation[], tagId: string, listed: ReadonlySet<string> | undefined, reply: HttpReply,
): Promise<Outcomes> {
  const outcomes = new Map<Key, Outcome>()
  const done: Outcome = { status: 'delivered', ...requestOf(reply) }
  const left: Operation[] = []
  for (const operation of operations) {
    if (operation.identity.field === 'id' && listed?.has(operation.identity.value) === true) outcomes.set(operation.key, done)
    else left.push(operation)
  }
  const asked = new Set(operations.map(({ identity }) => identity.value))
  const lists = operations[0]?.identity.field === 'id' ? [...listed ?? []].every((id) => asked.has(id)) : true
  let missing = listed === undefined ? left.length : operations.length - listed.size
  // More listed than asked for, or others: the count proves nothing.
  if (missing < 0 || !lists) missing = left.length
  while (left.length > 0 && missing > 0) {
    const read = await readSome(io, left.splice(0, readsAtOnce), outcomes)
    for (const { operation, company } of read) {
      if (company === null) missing -= 1
      const outcome = company === null
        ? notFound('company', operation.identity, reply)
        : judged(operation, company.tags.some(({ id }) => id === tagId), done, reply)
      outcomes.set(operation.key, outcome)
    }
  }
  for (const { key } of left) outcomes.set(key, done)
  return outcomes
}

/** The call was carried out: if reading fails, those not told apart are in doubt, and the others settled. */
async function readSome(
  io: Io, operations: readonly Operation[], settled: Outcomes,
): Promise<readonly { operation: Operation; company: Company | null }[]> {
  try {
    return await Promise.all(operations.map(async (operation) => ({ operation, company: await readCompany(io, operation.identity) })))
  } catch (error) {
    throw new Interrupted(afterPartOfIt(error), settled)
  }
}

function judged(operation: Operation, holds: boolean, done: Outcome, reply: HttpReply): Outcome {
  return holds === (operation.kind === 'attach') ? done : {
    status: 'on-hold', code: 'skipped', message: 'Intercom left this company out of its answer, though it exists.', ...requestOf(reply),
  }
}
