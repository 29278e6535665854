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
  const message = parts === undefined
    ? 'has braces that do not pair; name columns in double braces, as in "{{ first_name }} {{ last_name }}"'
    : 'names no column; write it as a constant'
  context.addIssue({ code: 'custom', message })
})

/** The long form of one Field's mapping. */
const details = z.strictObject({
  column: name.optional().meta({ title: 'Query Field', description: 'The column of the query to take it from.' }),
  constant: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional().meta({ title: 'Constant', description: 'Or: the same value for every record.' }),
  template: template.optional().meta({
    title: 'Template', description: 'Or: a text with columns in it, as in "{{ first_name }} {{ last_name }}". Where all of them are null it is null.',
  }),
  as: z.enum(types).optional().meta({ title: 'Read as', description: 'What to read the value as before it goes to the field.' }),
  clean: z.union([cleaner, z.array(cleaner)]).optional().meta({ title: 'Clean', description: 'What to do to the value, in this order; one or a list.' }),
  onNull: z.enum(['skip', 'clear']).default('skip').meta({ title: 'On null', description: 'skip: a null leaves the field as it is. clear: a null empties it.' }),
  onlyIfEmpty: z.boolean().default(false).meta({ title: 'Only if empty', description: 'Set it only where the target holds nothing yet.' }),
}).superRefine((written, context) => {
  const given = kinds.filter((kind) => written[kind] !== undefined)
  if (given.length !== 1) {
    const found = given.length === 0 ? 'there is none' : `there are ${given.join(' and ')}`
    context.addIssue({ code: 'custom', message: `takes exactly one of column, constant and template; ${found}` })
  } else if (written.constant === null && written.onNull === 'skip') {
    context.addIssue({ code: 'custom', message: 'a constant of null has no effect; with "onNull: clear" it empties the field of every record' })
  }
})

type Details = z.output<typeof details>

/** The `mapping:` of an activation. */
export const mappingKey = z.record(name, z.union([name, details])).transform((written): readonly MappedField[] =>
  Object.entries(written).map(([field, value]) => mappedField(field, typeof value === 'string' ? { column: value, onNull: 'skip', onlyIfEmpty: false } : value)))

function mappedField(field: string, { column, constant, template: text, as, clean = [], onNull, onlyIfEmpty }: Details): MappedField {
  const from = text !== undefined ? { template: text } : constant !== undefined ? { constant } : { column: column ?? '' }
  return { field, from, clean: [clean].flat(), ...as !== undefined && { as }, onNull, onlyIfEmpty }
}
