import type { Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, missingParameter, reject } from '../http/answer.ts'
import { fieldsOf } from '../../../../emulator-kit/router.ts'
import { since216, type Version } from '../http/version.ts'
import type { CompanyRecord } from '../state/records.ts'
import type { Workspace } from '../state/workspace.ts'
import { mergeCustom } from './custom-attributes.ts'

type Fields = Readonly<Record<string, unknown>>

const changeable = ['name', 'plan', 'size', 'website', 'industry', 'custom_attributes', 'monthly_spend']
const upserted = [...changeable, 'company_id', 'remote_created_at']
const mostSpend = 2_147_483_647

/** Carries out a `POST /companies`, an upsert by `company_id`. Returns the company's number, or an error answer. */
export function upsertCompany(workspace: Workspace, body: unknown, version: Version): number | Answer {
  const fields = fieldsOf(body)
  const stray = strayField(fields, since216(version) ? [...upserted, 'update_last_request_at'] : upserted)
  if (stray !== null) return stray
  const { company_id: companyId, update_last_request_at: seen } = fields
  if (companyId === undefined || companyId === null || companyId === '') return missingParameter('company_id')
  if (typeof companyId !== 'string') return badParameter('company_id must be a string')
  if (seen !== undefined && typeof seen !== 'boolean')
    return badParameter('update_last_request_at must be true or false')
  const known = workspace.companyByCompanyId(companyId)
  const at = workspace.seconds()
  const written = patch(workspace, known === 0 ? blank(companyId, at) : workspace.live.companies.of(known), fields)
  if ('status' in written) return written
  const targetRecord = known === 0 ? workspace.directory.next('company') : known
  workspace.change({
    do: 'write-company',
    targetRecord,
    record: seen === true ? { ...written, lastRequestAt: at } : written,
  })
  return targetRecord
}

/** Carries out a `PUT /companies/{id}`. Returns null, or an error answer. The `company_id` never changes. */
export function updateCompany(workspace: Workspace, targetRecord: number, body: unknown): Answer | null {
  const fields = fieldsOf(body)
  const stray = strayField(fields, changeable)
  if (stray !== null) return stray
  const written = patch(workspace, workspace.live.companies.of(targetRecord), fields)
  if ('status' in written) return written
  workspace.change({ do: 'write-company', targetRecord, record: written })
  return null
}

function strayField(fields: Fields, known: readonly string[]): Answer | null {
  const stray = Object.keys(fields).find((name) => !known.includes(name))
  return stray === undefined ? null : reject(400, 'bad_request', `bad '${stray}' parameter`)
}

function blank(companyId: string, at: number): CompanyRecord {
  return {
    companyId,
    name: null,
    plan: null,
    size: null,
    website: null,
    industry: null,
    monthlySpend: 0,
    remoteCreatedAt: null,
    createdAt: at,
    updatedAt: at,
    lastRequestAt: null,
    custom: {},
  }
}

function patch(workspace: Workspace, held: CompanyRecord, fields: Fields): CompanyRecord | Answer {
  const next: Record<string, unknown> = {}
  for (const name of ['name', 'website', 'industry', 'plan'] as const) {
    const value = fields[name]
    if (value === undefined) continue
    if (value !== null && typeof value !== 'string') return badParameter(`${name} must be a string`)
    next[name] = value
  }
  const { size, remote_created_at: remoteCreatedAt, monthly_spend: spend, custom_attributes: custom } = fields
  if (!isInteger(size)) return badParameter('size must be an integer')
  if (!isInteger(remoteCreatedAt)) return badParameter('remote_created_at must be a date in unix seconds')
  if (spend !== undefined && spend !== null) {
    if (typeof spend !== 'number') return badParameter('monthly_spend must be a number')
    if (Math.trunc(spend) > mostSpend) return badParameter(`monthly_spend must be at most ${mostSpend}`)
  }
  const merged = mergeCustom(workspace, 'company', held.custom, custom)
  if ('status' in merged) return merged
  if (typeof next.plan === 'string') next.plan = { name: next.plan, id: workspace.planId(next.plan) }
  return {
    ...held,
    ...next,
    ...merged,
    updatedAt: workspace.seconds(),
    ...(size === undefined ? {} : { size }),
    ...(remoteCreatedAt === undefined ? {} : { remoteCreatedAt }),
    // Money is truncated to a whole number, as in the API's description.
    ...(spend === undefined ? {} : { monthlySpend: Math.trunc(spend ?? 0) }),
  }
}

function isInteger(value: unknown): value is number | null | undefined {
  return value === undefined || value === null || Number.isInteger(value)
}
