import { z, type ZodType } from 'zod'

/**
 * A zod schema as the JSON Schema of what a person may write, with titles, descriptions and `secret: true`. Where what is written is
 * first made into something else, the schema of that is shown, since that is what tells the choices.
 */
export function connectorSchema(schema: ZodType): unknown {
  const { $schema: _dialect, ...shown } = z.toJSONSchema(schema, {
    io: 'input', unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = (zodSchema as z.core.$ZodTypes)._zod
      if (def.type !== 'pipe' || (def.in as z.core.$ZodTypes)._zod.def.type !== 'transform') return
      const { $schema: _inner, ...meant } = z.toJSONSchema(def.out, { io: 'input', unrepresentable: 'any' })
      Object.assign(jsonSchema, meant)
    },
  })
  return shown
}
