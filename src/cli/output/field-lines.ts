import type { Field } from '../../model/field.ts'
import { plural } from '../../model/figures.ts'
import { table } from './table.ts'
import type { Colors } from '../../server/process/terminal.ts'

/** A Field, with its use in an Activation. */
export interface ShownField extends Field {
  /** Columns of the query that fit without conversion; absent without a query. */
  readonly fits?: readonly string[]
  /** What is mapped to it now, in words; null: nothing. */
  readonly mapped?: string | null
}

/** Maximum number of items named from a list. */
const namedOptions = 6
const namedColumns = 5

/** The Fields of an object: first the writable ones, then the others with the reason. */
export function fieldLines(title: string, fields: readonly ShownField[], width: number, colors: Colors): string[] {
  const writable = fields.filter((field) => field.writable)
  const fixed = fields.filter((field) => !field.writable)
  const hasQuery = fields.some(({ fits }) => fits !== undefined)
  const columns = [
    { title: 'field' },
    { title: 'type', isHead: true },
    ...(hasQuery
      ? [
          { title: 'mapped from', isNamed: true },
          { title: 'fitting columns', isNamed: true },
        ]
      : []),
    { title: '', wraps: true },
  ]
  const rows = writable.map((field) => {
    const { name, type, fits = [], mapped = null } = field
    const mark = mapped === null ? (text: string) => text : colors.green
    return [
      mark(name),
      type,
      ...(hasQuery ? [mark(mapped ?? ''), listed(fits, namedColumns)] : []),
      colors.dim(remarks(field)),
    ]
  })
  return [
    `${colors.bold(title)}: ${plural(writable.length, 'field')} can be written`,
    '',
    ...table(columns, rows, { dim: colors.dim, width }),
    ...(fixed.length === 0
      ? []
      : [
          '',
          `${colors.bold('Cannot be written')}: ${fixed.length}`,
          ...table(
            [{ title: '' }, { title: '' }, { title: '', wraps: true }],
            fixed.map(({ name, type, remark = '' }) => [`  ${name}`, type, colors.dim(remark)]),
            { dim: colors.dim, width },
          ),
        ]),
  ]
}

function remarks({ label, name, required, options, maxLength, min, max, neverEmpty, remark }: Field): string {
  const bounds =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `at least ${min}`
        : max !== undefined
          ? `at most ${max}`
          : undefined
  return [
    required === true && 'required',
    options !== undefined && `one of ${listed(options, namedOptions)}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    bounds,
    neverEmpty === true && 'never empty once set',
    remark,
    !isLike(label, name) && `"${label}"`,
  ]
    .filter((part) => part !== false && part !== undefined)
    .join('; ')
}

/** Whether the label only repeats the name. */
function isLike(label: string, name: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  return plain(name).endsWith(plain(label))
}

function listed(names: readonly string[], most: number): string {
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}
