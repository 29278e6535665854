import { z } from 'zod'
import { endpoint } from '../endpoint.ts'

export const exportConfig = endpoint({
  method: 'GET',
  path: '/api/config',
  name: 'exportConfig',
  summary: 'The whole config as tailrace.yaml; secrets that were entered directly appear as ${VARIABLES}',
  reply: z.string(),
  produces: 'application/yaml',
})
export const configChange = z.object({
  section: z.enum(['warehouses', 'targets', 'activations']),
  name: z.string(),
  what: z.enum(['add', 'change', 'remove', 'same']),
  /** Keys that differ; secrets by name only. */
  keys: z.array(z.object({ key: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
})
/** The file wins for entries that it names. Other entries stay, unless `prune`. */
export const applyConfig = endpoint({
  method: 'POST',
  path: '/api/config/apply',
  name: 'applyConfig',
  summary: 'Apply a tailrace.yaml to the server; without `apply` the changes are only shown',
  body: z.object({
    yaml: z.string(),
    prune: z.boolean().default(false),
    apply: z.boolean().default(false),
    expect: z.string().optional(),
  }),
  /** `hash` identifies the changes. Send it as `expect` to apply only exactly these. */
  reply: z.object({ changes: z.array(configChange), hash: z.string(), applied: z.boolean() }),
})
