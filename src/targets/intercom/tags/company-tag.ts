import { indexLagMs } from '../index-lag.ts'
import {
  asFault,
  defineObject,
  deliverGroups,
  Interrupted,
  keeping,
  partialOutcomes,
  readEach,
  type HttpReply,
  type Io,
  type Observed,
  type Operation,
  type Outcome,
  type Outcomes,
} from '../../../connect/index.ts'
import { answersPerRecord } from '../api-version.ts'
import { companyListing } from './company-listing.ts'
import { companyFinder, readCompany } from '../companies/read-company.ts'
import { property, rejection, requestOf, succeeded, text, vendorError } from '../answer.ts'
import { deliverValidIds, invalidId } from '../identity.ts'
import type { IntercomConfig } from '../config.ts'
import { prepareTags, resolveTags, type Ready } from './resolve-tags.ts'
import { tagGroup, tagLabels } from './tag-group.ts'
import { tagNotNamed } from '../replies.ts'
import { settings, type TagSettings } from '../settings.ts'
import { settleCompanies } from '../companies/settle-companies.ts'
import { confirmName, listedIds, postByName, tagToAddress } from './tag-by-name.ts'
import { namingTag } from './tag-one.ts'
import type { Tag } from './tags.ts'

/** Companies in one call: what Hevo Activate sent (its page of 2023-04-10). Intercom publishes no limit. */
const most = 100

export const companyTag = defineObject<TagSettings, Ready, IntercomConfig>({
  id: 'company_tag',
  label: 'Company tag',
  noun: { one: 'company', many: 'companies' },
  labels: tagLabels,
  settings,
  operations: ['attach', 'detach'],
  group: { ...tagGroup, untold: true },
  indexLagMs,
  batch: { max: most },
  identifiers: [
    { field: 'id', label: 'Intercom company id', accepts: ['text', 'integer', 'uuid'] },
    { field: 'company_id', label: 'Your company_id', accepts: ['text', 'integer', 'decimal', 'uuid'] },
  ],
  find: companyFinder(() => []),
  resolve: (io, chosen) => resolveTags(io, chosen, io.config.apiVersion),
  prepare: prepareTags,
  countCalls: (ready, _kind, operations) => Math.ceil(operations / (ready.delivery === 'batch' ? most : 1)),
  read: (io, _ready, want) =>
    readEach(want, async (identity): Promise<Observed> => {
      const company = invalidId(identity) === undefined ? await readCompany(io, identity) : null
      return company === null
        ? { identity, groups: null }
        : {
            identity,
            targetId: company.id,
            groups: company.tags,
            ...(company.companyId !== undefined && { identities: [{ field: 'company_id', value: company.companyId }] }),
          }
    }),
  listing: companyListing,
  deliver: (io, ready, operations) => deliverValidIds(operations, (valid) => deliverTag(io, ready, valid)),
})

async function deliverTag(io: Io, ready: Ready, operations: readonly Operation[]): Promise<Outcomes> {
  const tag = await tagToAddress(io, ready, operations[0]?.group ?? '')
  const named = (answered: Outcomes): Outcomes =>
    new Map([...answered].map(([key, outcome]) => [key, namingTag(outcome, tag.name)]))
  try {
    return named(await tagCompanies(io, ready, tag, operations))
  } catch (error) {
    throw new Interrupted(asFault(error), named(partialOutcomes(error)))
  }
}

async function tagCompanies(io: Io, ready: Ready, tag: Tag, operations: readonly Operation[]): Promise<Outcomes> {
  const groups = ready.delivery === 'single' ? operations.map((operation) => [operation]) : [operations]
  const outcomes = await deliverGroups(groups, (group) => send(io, ready, tag, group))
  const statuses = new Set([...outcomes.values()].map(({ status }) => status))
  // Rejections do not name the tag. Below 2.16 the call may have created one if the tag was renamed meanwhile.
  const nameUnproven = !answersPerRecord(ready.apiVersion) && statuses.has('rejected') && !statuses.has('delivered')
  return nameUnproven ? keeping(outcomes, async () => confirmName(io, tag).then(() => outcomes)) : outcomes
}

/**
 * Below 2.16 one unknown company fails the whole call and nothing is done: halve the batch until only the unknown
 * company fails.
 */
async function send(io: Io, ready: Ready, tag: Tag, operations: readonly Operation[]): Promise<Outcomes> {
  const untag = operations[0]?.kind === 'detach' ? { untag: true } : {}
  const records = operations.map(({ identity }) => ({ [identity.field]: identity.value, ...untag }))
  const reply = await postByName(io, ready, tag, 'companies', records)
  if (succeeded(reply)) return settle(io, ready, tag, operations, reply)
  const [only] = operations
  if (only !== undefined && operations.length === 1)
    return new Map([[only.key, await explainRejection(io, only, reply)]])
  const middle = Math.ceil(operations.length / 2)
  return deliverGroups([operations.slice(0, middle), operations.slice(middle)], (half) => send(io, ready, tag, half))
}

async function settle(
  io: Io,
  ready: Ready,
  tag: Tag,
  operations: readonly Operation[],
  reply: HttpReply,
): Promise<Outcomes> {
  if (text(property(reply.body, 'id')) === undefined) return same(operations, tagNotNamed('POST /tags', reply))
  const listed = listedIds(reply.body, 'companies', operations[0]?.kind === 'attach')
  if (listed === undefined && !answersPerRecord(ready.apiVersion))
    return same(operations, { status: 'delivered', ...requestOf(reply) })
  return settleCompanies(io, operations, tag.id, listed, reply)
}

function same(operations: readonly Operation[], outcome: Outcome): Outcomes {
  return new Map(operations.map(({ key }) => [key, outcome]))
}

async function explainRejection(io: Io, { identity }: Operation, reply: HttpReply): Promise<Outcome> {
  const plain = reply.status !== 404 || vendorError(reply).code === 'company_not_found'
  if (plain || (await readCompany(io, identity)) === null) return rejection(reply, 'company', identity)
  const { code, message } = vendorError(reply)
  return {
    status: 'rejected',
    code: 'refused',
    httpStatus: reply.status,
    ...requestOf(reply),
    message: `Intercom answered ${message || code || '404'}, although the company exists.`,
  }
}
