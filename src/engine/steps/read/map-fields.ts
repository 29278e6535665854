import { Fault } from '../../../model/fault.ts'
import type { Field, FieldType, NewField } from '../../../model/field.ts'
import { notice, type Notice } from '../../../model/notice.ts'
import type { MappedField } from '../../../model/mapping.ts'
import type { Column, ColumnType } from '../../../model/row.ts'
import { mappingWords, type MappingWords, mappingChange } from '../../../rules/mapping-words.ts'
import { autoMapped } from '../../../rules/mapping/auto-map.ts'
import { checkMapping, type MappingProblem } from '../../../rules/mapping/check-mapping.ts'
import { compileMapping, type CompiledMapping } from '../../../rules/mapping/compile-mapping.ts'
import type { MappingRequest } from '../../../rules/mapping/mapping-request.ts'
import type { Activation } from '../../activation.ts'
import type { TargetLink } from '../open/open-connections.ts'
import { saveMapping } from '../../../store/runs/runs.ts'
import type { RunContext } from '../../run-context.ts'

/** The mapping of columns to Fields, and the Fields to create first. */
export interface MappingPlan {
  readonly mapping: CompiledMapping
  readonly toCreate: readonly NewField[]
  /** The mapping in words, including what autoMap added. */
  readonly words: MappingWords
}

/**
 * Compiles an Activation's mapping against the query's columns and the Target's Fields. Undefined for objects without
 * Fields. Throws one Fault that names up to six problems.
 */
export function mapFields(
  activation: Activation,
  columns: readonly Column[],
  { fields }: Pick<TargetLink, 'fields'>,
): MappingPlan | undefined {
  if (activation.object.group !== undefined) return undefined
  const { request, toCreate } = requestWith(activation, columns, fields)
  const problems = checkMapping(request)
  const [first] = problems
  if (first === undefined)
    return {
      mapping: compileMapping(request),
      toCreate,
      words: mappingWords([...(activation.mapping?.fields ?? []), ...autoMapped(request)]),
    }
  const more = problems
    .slice(1, 6)
    .map(({ message }) => `\n  ${message}`)
    .join('')
  throw new Fault(
    'config',
    `${first.message}${more}${problems.length > 6 ? `\n  and ${problems.length - 6} more` : ''}`,
    {
      code: first.code,
      where: `activation "${activation.name}", mapping`,
      advice: first.advice + creationAdvice(activation, first.code),
    },
  )
}

/** All problems of an Activation's mapping. Empty for objects without Fields. */
export function mappingProblems(
  activation: Activation,
  columns: readonly Column[],
  fields: readonly Field[],
): readonly MappingProblem[] {
  return activation.object.group === undefined ? checkMapping(requestWith(activation, columns, fields).request) : []
}

/** Treats the Fields to create as existing. */
function requestWith(
  activation: Activation,
  columns: readonly Column[],
  fields: readonly Field[],
): { readonly request: MappingRequest; readonly toCreate: readonly NewField[] } {
  const toCreate = missingFields(activation, columns, fields)
  return { request: mappingRequest(activation, columns, [...fields, ...toCreate.map(pretend)]), toCreate }
}

/** Advises to let the Run create the Field, if the object supports it. */
function creationAdvice({ object }: Activation, code: string): string {
  const { createSetting, create } = object.fields ?? {}
  return code === 'field-not-found' && createSetting !== undefined && create !== undefined
    ? ` Or set ${createSetting}: true: the first Run that needs it creates it.`
    : ''
}

export function mappingRequest(
  { identifier, fallbacks = [], object, mapping, behavior }: Activation,
  columns: readonly Column[],
  fields: readonly Field[],
): MappingRequest {
  const asked = Object.values(behavior.plan)
  return {
    identifier,
    fallbacks,
    identifiers: object.identifiers,
    mapping,
    columns,
    fields,
    creates: asked.includes('create') || asked.includes('upsert'),
    updates: asked.includes('update') || asked.includes('upsert'),
  }
}

/** Mapped Fields that do not exist, if the Activation allows creating them. */
function missingFields(
  { object, settings, mapping }: Activation,
  columns: readonly Column[],
  fields: readonly Field[],
): NewField[] {
  const { createSetting, create } = object.fields ?? {}
  if (createSetting === undefined || create === undefined || mapping === undefined) return []
  if ((settings as Readonly<Record<string, unknown>>)[createSetting] !== true) return []
  return mapping.fields
    .filter(({ field }) => !fields.some(({ name }) => name === field))
    .map((mapped) => ({ name: mapped.field, type: typeOf(mapped, columns) }))
}

function typeOf({ from, as }: MappedField, columns: readonly Column[]): FieldType {
  if (as !== undefined) return as
  if ('column' in from) return typesOf[columns.find(({ name }) => name === from.column)?.type ?? 'text'] ?? 'text'
  if ('template' in from) return 'text'
  return typeof from.constant === 'boolean' ? 'boolean' : typeof from.constant === 'number' ? 'decimal' : 'text'
}

const typesOf: Partial<Readonly<Record<ColumnType, FieldType>>> = {
  integer: 'integer',
  decimal: 'decimal',
  float: 'decimal',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
}

function pretend({ name, type }: NewField): Field {
  return { name, label: name, type, writable: true }
}

/** Creates the missing Fields. Returns notices for the report. */
export async function createFields(
  { object }: Activation,
  { io }: TargetLink,
  fields: readonly NewField[],
): Promise<Notice[]> {
  const notices: Notice[] = []
  for (const field of fields) {
    await object.fields?.create?.(io, field)
    notices.push(
      notice('field-created', `Created the field "${field.name}" (${field.type}).`, {
        name: field.name,
        type: field.type,
      }),
    )
  }
  return notices
}

/** Saves this Run's mapping. Records whose values have a new source count as changed; the notice explains why. */
export async function mappingNotices(
  { ports, lease: { runId, activationId } }: RunContext,
  { words }: MappingPlan,
): Promise<Notice[]> {
  const last = await saveMapping(ports.database, runId, activationId, words)
  const change = last && mappingChange(last.mapping, words)
  return change === undefined
    ? []
    : [
        notice('mapping-changed', `The mapping changed since Run ${last?.run}: ${change}.`, {
          sinceRun: last?.run ?? null,
          change,
        }),
      ]
}
