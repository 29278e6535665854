import { z, type ZodType } from 'zod'

/**
 * Converts a zod schema to the JSON Schema of the user's input, with titles, descriptions and `secret: true`. For input
 * that is transformed first, shows the schema of the result, because only that lists the choices.
 */
export function connectorSchema(schema: ZodType): unknown {
  const { $schema: _dialect, ...shown } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = (zodSchema as z.core.$ZodTypes)._zod
      if (def.type !== 'pipe' || (def.in as z.core.$ZodTypes)._zod.def.type !== 'transform') return
      const { $schema: _inner, ...meant } = z.toJSONSchema(def.out, { io: 'input', unrepresentable: 'any' })
      Object.assign(jsonSchema, meant)
    },
  })
  return shown
}
