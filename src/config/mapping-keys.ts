import { z } from 'zod'
import type { FieldType } from '../model/field.ts'
import { cleaners, type MappedField } from '../model/mapping.ts'
import { templateParts } from '../rules/mapping/template.ts'

const name = z.string().min(1)
const types = ['text', 'integer', 'decimal', 'boolean', 'date', 'timestamp'] as const satisfies readonly FieldType[]
const cleaner = z.enum(cleaners)
const kinds = ['column', 'constant', 'template'] as const

const template = z.string().superRefine((text, context) => {
  const parts = templateParts(text)
  if (parts?.some((part) => 'column' in part) === true) return
  const message =
    parts === undefined
      ? 'has unbalanced braces; write columns in double braces, for example "{{ first_name }} {{ last_name }}"'
      : 'names no column; use a constant instead'
  context.addIssue({ code: 'custom', message })
})

/** The long form of one Field's mapping. */
const details = z
  .strictObject({
    column: name.optional().meta({ title: 'Query Field', description: 'The query column that contains the value.' }),
    constant: z
      .union([z.string(), z.number(), z.boolean(), z.null()])
      .optional()
      .meta({ title: 'Constant', description: 'Instead of a column: the same value for every record.' }),
    template: template.optional().meta({
      title: 'Template',
      description:
        'Instead of a column: a text with columns, such as "{{ first_name }} {{ last_name }}". If all columns are null, the value is null.',
    }),
    as: z
      .enum(types)
      .optional()
      .meta({ title: 'Read as', description: 'How to read the value before it is written to the field.' }),
    clean: z
      .union([cleaner, z.array(cleaner)])
      .optional()
      .meta({ title: 'Clean', description: 'One step or a list of steps that clean the value, in this order.' }),
    onNull: z.enum(['skip', 'clear']).default('skip').meta({
      title: 'On null',
      description: 'skip: a null does not change the field. clear: a null empties the field.',
    }),
    onlyIfEmpty: z
      .boolean()
      .default(false)
      .meta({ title: 'Only if empty', description: 'Set the field only if it is empty in the target.' }),
  })
  .superRefine((written, context) => {
    const given = kinds.filter((kind) => written[kind] !== undefined)
    if (given.length !== 1) {
      const found = given.length === 0 ? 'none is set' : `${given.join(' and ')} are set`
      context.addIssue({ code: 'custom', message: `takes exactly one of column, constant and template; ${found}` })
    } else if (written.constant === null && written.onNull === 'skip') {
      context.addIssue({
        code: 'custom',
        message: 'a null constant has no effect; with "onNull: clear" it empties the field of every record',
      })
    }
  })

type Details = z.output<typeof details>

/** The `mapping:` of an activation. */
export const mappingKey = z
  .record(name, z.union([name, details]))
  .transform((written): readonly MappedField[] =>
    Object.entries(written).map(([field, value]) =>
      mappedField(field, typeof value === 'string' ? { column: value, onNull: 'skip', onlyIfEmpty: false } : value),
    ),
  )

function mappedField(
  field: string,
  { column, constant, template: text, as, clean = [], onNull, onlyIfEmpty }: Details,
): MappedField {
  const from =
    text !== undefined ? { template: text } : constant !== undefined ? { constant } : { column: column ?? '' }
  return { field, from, clean: [clean].flat(), ...(as !== undefined && { as }), onNull, onlyIfEmpty }
}
