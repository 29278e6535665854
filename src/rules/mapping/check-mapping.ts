import type { Field } from '../../model/field.ts'
import type { MappedField } from '../../model/mapping.ts'
import { autoMapped, shortName } from './auto-map.ts'
import type { MappingProblem, MappingRequest } from './mapping-request.ts'
import { offers } from './offers.ts'
import { planField, type FieldPlan } from './plan-field.ts'
import { nearestNames } from '../../model/nearest-names.ts'

export type { MappingProblem }

/** All problems of a Mapping with the columns and Fields of the request; empty: it can be compiled. */
export function checkMapping(request: MappingRequest): readonly MappingProblem[] {
  const { mapping, creates, updates } = request
  const written = mapping?.fields ?? []
  if (!creates && !updates) return mapping === undefined || (written.length === 0 && !mapping.autoMap) ? [] : [unused]
  const mapped = [...written, ...autoMapped(request)]
  return [
    ...(mapped.length === 0 && updates && !creates ? [nothingMapped] : []),
    ...mapped.flatMap((each, index) => [...twice(each, mapped.slice(0, index), request), ...problemsOf(each, request)]),
    ...(creates ? lacking(mapped, request) : []),
  ]
}

const unused: MappingProblem = {
  field: '',
  code: 'mapping-unused',
  message: 'This behavior sets no Fields. It uses only the identifier, so the mapping has no effect.',
  advice: 'Remove mapping and autoMap.',
}
const nothingMapped: MappingProblem = {
  field: '',
  code: 'nothing-mapped',
  message: 'No Field is mapped, so the behavior would update nothing.',
  advice: 'Name Fields under mapping, for example "mapping: { name: full_name }", or set autoMap: true.',
}

function problemsOf(mapped: MappedField, request: MappingRequest): MappingProblem[] {
  const field = findField(mapped.field, request.fields)
  if ('code' in field) return [field]
  const of = { field: field.name, ...('column' in mapped.from && { column: mapped.from.column }) }
  if (!field.writable) {
    const remark = field.remark === undefined ? '' : ` ${field.remark}`
    return [
      {
        ...of,
        code: 'field-read-only',
        message: `The Field "${field.name}" cannot be written.${remark}`,
        advice: 'Remove it from the mapping.',
      },
    ]
  }
  const problems: MappingProblem[] = []
  if (field.neverEmpty === true && mapped.onNull === 'clear') {
    problems.push({
      ...of,
      code: 'field-never-empty',
      message: `The Field "${field.name}" cannot be emptied once it has a value.`,
      advice: 'Remove "onNull: clear". Then a null value is not sent.',
    })
  }
  const plan = planField(mapped, field, request)
  if ('why' in plan) {
    const { code, why, advice } = plan
    const column = 'column' in plan ? plan.column : undefined
    return [
      ...problems,
      {
        ...of,
        ...(column !== undefined && { column }),
        code,
        message: `${subject(mapped, column)} ${why}; it is mapped to the Field "${field.name}".`,
        advice: code === 'field-type-mismatch' ? `${advice}${offered(field, request)}` : advice,
      },
    ]
  }
  return [...problems, ...constantTrouble(mapped, field, plan)]
}

/** The subject of a message about this value. */
function subject({ from }: MappedField, column: string | undefined): string {
  const name = column ?? ('column' in from ? from.column : undefined)
  if (name !== undefined) return `Column "${name}"`
  return 'template' in from ? `The template "${from.template}"` : 'The constant'
}

function offered(field: Field, { columns }: MappingRequest): string {
  const names = offers(columns, field).map(({ name }) => `"${name}"`)
  return names.length === 0 ? '' : ` These columns fit without a change: ${names.join(', ')}.`
}

function constantTrouble({ from }: MappedField, field: Field, { path }: FieldPlan): MappingProblem[] {
  if (!('constant' in from) || from.constant === null) return []
  const value = path(String(from.constant))
  if (value === null || typeof value === 'string') return []
  return [
    {
      field: field.name,
      code: 'constant-unfit',
      advice: value.advice,
      message: `The constant "${from.constant}" ${value.why}; it is mapped to the Field "${field.name}" (${field.type}).`,
    },
  ]
}

/** A Field that already gets a value: from an earlier line, or from an identifier in another column. */
function twice(
  mapped: MappedField,
  before: readonly MappedField[],
  { identifier, fallbacks }: MappingRequest,
): MappingProblem[] {
  const column = 'column' in mapped.from ? mapped.from.column : undefined
  const of = { field: mapped.field, ...(column !== undefined && { column }), code: 'field-mapped-twice' } as const
  const other = before.find(({ field }) => field === mapped.field)
  if (other !== undefined) {
    const columns = [other, mapped].flatMap(({ from }) => ('column' in from ? [`"${from.column}"`] : []))
    const both = columns.length === 2 ? `: ${columns.join(' and ')}` : ''
    return [
      {
        ...of,
        message: `The Field "${mapped.field}" is mapped twice${both}.`,
        advice: 'Keep one of them; name it under mapping.',
      },
    ]
  }
  const identity = [identifier, ...fallbacks].find(({ field }) => field === mapped.field)
  if (identity === undefined || identity.column === column) return []
  return [
    {
      ...of,
      message: `The Field "${mapped.field}" identifies the record by "${identity.column}", and is mapped to another value.`,
      advice: `Remove the Field from the mapping, or map "${identity.column}" to it.`,
    },
  ]
}

/** Fields that a create requires and that get no value. */
function lacking(
  mapped: readonly MappedField[],
  { identifier, fallbacks, identifiers, fields }: MappingRequest,
): MappingProblem[] {
  const fed = new Set([identifier.field, ...fallbacks.map(({ field }) => field), ...mapped.map(({ field }) => field)])
  return fields
    .filter(({ name, required }) => required === true && !fed.has(name))
    .map(({ name }) => ({
      field: name,
      code: 'field-required',
      message: `The Field "${name}" is required to create a record, and it is not mapped.`,
      advice: identifiers.some(({ field }) => field === name)
        ? 'Use it as the identifier, or add it to the identifiers.'
        : `Map a column to it, for example "mapping: { ${name}: <column> }".`,
    }))
}

/** How many names a message shows. */
const namedFields = 5

/** The Field of exactly this name; otherwise a problem that names similar Fields. */
function findField(name: string, fields: readonly Field[]): Field | MappingProblem {
  const field = fields.find((each) => each.name === name)
  if (field !== undefined) return field
  const writable = fields.filter((each) => each.writable).map((each) => each.name)
  const meant = writable.filter(
    (each) => shortName(each).toLowerCase() === name.toLowerCase() || each.toLowerCase() === name.toLowerCase(),
  )
  const near = meant.length > 0 ? meant : nearestNames(name, writable).slice(0, namedFields)
  const list = near.map((each) => `"${each}"`).join(' or ')
  return {
    field: name,
    code: 'field-not-found',
    message: `The Target has no Field "${name}".`,
    advice:
      near.length === 0
        ? 'Correct its name, or create it in the Target.'
        : meant.length > 0
          ? `Write ${list}.`
          : `Did you mean ${list}? If not, create it in the Target.`,
  }
}
