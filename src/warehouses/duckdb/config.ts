import { z } from 'zod'
import { timezoneKey } from '../../connect/index.ts'

export const config = z.strictObject({
  path: z.string().min(1).optional().meta({
    title: 'Database file',
    description:
      'A DuckDB file, relative to tailrace.yaml; it is opened read-only. Without path (or with :memory:) the queries read CSV, Parquet and JSON files.',
  }),
  files: z.boolean().optional().meta({
    title: 'Queries can read files',
    description:
      "Whether a query can read local files, such as 'orders.csv'. Default: yes without a database file, no with a database file.",
  }),
  threads: z.coerce.number().int().min(1).max(256).optional().meta({
    title: 'Threads',
    description: 'Number of threads for one query. Default: one for each core.',
  }),
  memoryLimit: z
    .string()
    .regex(/^\d+(\.\d+)?\s*([KMGT]i?B|%)$/i, 'Write a size such as 2GB or 512MB')
    .optional()
    .meta({
      title: 'Memory limit',
      description: 'Maximum memory of DuckDB, such as 2GB. Default: 80% of the memory of the machine.',
    }),
  timezone: timezoneKey,
})

export type DuckdbConfig = z.infer<typeof config>
