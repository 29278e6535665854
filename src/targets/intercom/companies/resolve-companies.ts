import { z } from 'zod'
import {
  absentGroup,
  nameOfAbsentGroup,
  Fault,
  notice,
  readEach,
  type Identity,
  type Io,
  type Notice,
  type Resolved,
} from '../../../connect/index.ts'
import { property, shown, text } from '../answer.ts'
import { companyPopulation } from '../tags/company-listing.ts'
import { companyFinder, showCompany } from './read-company.ts'
import { columnOf } from '../settings.ts'

const companyIds = z
  .array(z.string().trim().min(1))
  .min(1)
  .superRefine((ids, context) => {
    ids.forEach((id, index) => {
      if (ids.indexOf(id) < index)
        context.addIssue({ code: 'custom', path: [index], message: `"${id}" is listed twice` })
    })
  })

const companies = z
  .union([companyIds, columnOf('companies')], {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? undefined
        : 'write the company_ids as a list, ["acme"], or read them from the query: { column: <query column> }',
  })
  .meta({
    title: 'Companies',
    description:
      'The company_ids of the companies to add contacts to or remove contacts from: a list, or the column of the query that contains them. Case-sensitive.',
  })

/**
 * `rowsNameThem`: the names come from a column. An unknown company is then an error of its row, not of the settings.
 */
export const companySettings = z
  .strictObject({ companies })
  .transform((chosen) => ({ ...chosen, rowsNameThem: !Array.isArray(chosen.companies) }))

export type CompanySettings = z.output<typeof companySettings>

/** What `deliver` needs to know about the companies. */
export interface Ready {
  /** Your company_id by Intercom's id, for messages. */
  readonly companyIds: ReadonlyMap<string, string>
  readonly rowsNameThem: boolean
}

/** Reads from memory at once, and how many companies a message lists: a column may name thousands. */
const factsAtOnce = 20
const most = 10

/** Why no contact can be put into this company; undefined where Intercom has it. */
export function whyMissing(group: string): string | undefined {
  const companyId = nameOfAbsentGroup(group)
  return companyId === undefined ? undefined : `Intercom has no company with company_id "${shown(companyId)}".`
}

/**
 * Maps company_ids to Intercom's ids, exactly as written, one call each: no stable version looks up several at once
 * (2.16). Nothing is created. An unknown company from the settings is a Fault. An unknown one from a column gets a
 * placeholder id, and only its Operations fail.
 *
 * A company_id never changes, so ids that rows name are looked up once and remembered. `forgetCompany` drops one when
 * Intercom says that the company is gone.
 */
export async function resolveCompanies(io: Io, { companies, rowsNameThem }: CompanySettings): Promise<Resolved<Ready>> {
  if (!Array.isArray(companies)) {
    await companyPopulation(io)
    return resolved([], [], rowsNameThem)
  }
  const ids = new Map<string, string>()
  if (rowsNameThem)
    for await (const [companyId, id] of readEach(companies, (each) => recall(io, each), factsAtOnce))
      if (id !== '') ids.set(companyId, id)
  const unknown = companies.filter((companyId) => !ids.has(companyId))
  for await (const {
    value,
    matches: [match],
  } of companyFinder(() => []).find(io, undefined, 'company_id', unknown)) {
    if (match === undefined) continue
    ids.set(value, match.targetId)
    if (rowsNameThem) await io.memory.set('connection', memoryName(value), match.targetId)
  }
  const missing = unknown.filter((companyId) => !ids.has(companyId))
  if (missing.length > 0 && !rowsNameThem) throw await companiesNotFound(io, missing)
  const notices =
    missing.length === 0
      ? []
      : [
          notice(
            'companies-missing',
            `Intercom does not have ${missing.length === 1 ? 'one of the companies' : `${missing.length} of the companies`} in the rows: ${listed(missing)}. ` +
              `The links to ${missing.length === 1 ? 'it' : 'them'} are not loaded.`,
            { companies: missing.length },
          ),
        ]
  return resolved(
    companies.map((companyId) => ({ name: companyId, id: ids.get(companyId) ?? absentGroup(companyId) })),
    notices,
    rowsNameThem,
  )
}

/** Call this when Intercom says that the company is gone: the next Run looks it up again. */
export async function forgetCompany(io: Io, { companyIds, rowsNameThem }: Ready, id: string): Promise<void> {
  const companyId = companyIds.get(id)
  if (rowsNameThem && companyId !== undefined) await io.memory.set('connection', memoryName(companyId), '')
}

/** For messages: the company_id of a group id, where it is known. */
export function companyIdOf({ companyIds }: Ready, group: string): string | undefined {
  return nameOfAbsentGroup(group) ?? companyIds.get(group)
}

function resolved(
  groups: readonly { readonly name: string; readonly id: string }[],
  notices: readonly Notice[],
  rowsNameThem: boolean,
): Resolved<Ready> {
  return {
    ready: { companyIds: new Map(groups.map(({ name, id }) => [id, name])), rowsNameThem },
    groups,
    toCreate: [],
    notices,
  }
}

async function recall(io: Io, companyId: string): Promise<readonly [companyId: string, id: string]> {
  return [companyId, (await io.memory.get('connection', memoryName(companyId))) ?? '']
}

function memoryName(companyId: string): string {
  return `company:${companyId}`
}

function listed(companyIds: readonly string[]): string {
  const more = companyIds.length > most ? ` and ${companyIds.length - most} more` : ''
  return (
    companyIds
      .slice(0, most)
      .map((companyId) => `"${shown(companyId)}"`)
      .join(', ') + more
  )
}

async function companiesNotFound(io: Io, missing: readonly string[]): Promise<Fault> {
  const hints = (await Promise.all(missing.slice(0, 3).map((named) => hintFor(io, named)))).filter(
    (hint) => hint !== undefined,
  )
  return companyNotFound(
    `Intercom has ${missing.length === 1 ? 'no company' : 'no companies'} with company_id ${listed(missing)}.${hints.map((hint) => ` ${hint}`).join('')}`,
  )
}

export function companyNotFound(message: string): Fault {
  return new Fault('config', message, {
    code: 'company-not-found',
    advice:
      'Correct the company_id in `companies` (it is case-sensitive), or create the company first: contact_company never creates a company.',
  })
}

/**
 * Suggests another company_id. No call lists companies with similar ids, but a company can be read by name or by
 * Intercom's own id.
 */
async function hintFor(io: Io, named: string): Promise<string | undefined> {
  const guesses: readonly (readonly [Identity, string])[] = [
    [{ field: 'company_id', value: named.toLowerCase() }, 'the same company_id in another case'],
    [{ field: 'name', value: named }, 'the name of that company'],
    ...(/^[0-9a-f]{24}$/.test(named)
      ? [[{ field: 'id', value: named }, "Intercom's own id of that company"] as const]
      : []),
  ]
  for (const [identity, why] of guesses) {
    const companyId = text(property((await showCompany(io, identity))?.body, 'company_id'))
    if (companyId !== undefined && companyId !== named)
      return `Did you mean "${companyId}"? "${shown(named)}" is ${why}.`
  }
  return undefined
}
