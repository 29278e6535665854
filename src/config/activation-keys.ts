import { z } from 'zod'
import { parseDuration } from '../rules/duration.ts'
import { parseLimit, type ConfigLimit } from './config.ts'
import { mappingKey } from './mapping-keys.ts'
import { cronTrouble, parseEvery, timezoneTrouble, type Schedule } from '../rules/schedule.ts'

/** Node.js timers last at most 24 days. */
const longestRunMs = 24 * 86_400_000

const name = z.string().min(1)

const cron = z.string().superRefine((pattern, context) => {
  const message = cronTrouble(pattern)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const timezone = z.string().superRefine((zone, context) => {
  const message = timezoneTrouble(zone)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const every = z.string().transform((text, context): Schedule => {
  const schedule = parseEvery(text)
  if (schedule !== undefined) return schedule
  const looksLikeCron = /^\S+(\s+\S+){4}$/.test(text.trim()) && !text.trim().startsWith('every')
  const message = looksLikeCron
    ? 'write a cron pattern under "cron:" (and its time zone under "timezone:")'
    : 'not a schedule; write "every 15m", "every 1h" or "every 2d", or use "cron:" and "timezone:"'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const durationWords = 'not a duration; write it like 90s, 15m, 6h or 1d'
const duration = z.string({ error: durationWords }).transform((text, context): number => {
  const ms = parseDuration(text)
  if (ms !== undefined && ms <= longestRunMs) return ms
  const message = ms === undefined ? durationWords : 'too long; the maximum is 24d'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const limitWords = 'not a limit; write off, a whole number of records (200), or a share from 0% to 100% (50%)'
const limit = (preset: string, title: string, description: string) =>
  z
    .union([z.string(), z.number()], { error: limitWords })
    .transform((written, context): ConfigLimit => {
      const parsed = parseLimit(written)
      if (parsed !== undefined) return parsed
      context.addIssue({ code: 'custom', message: limitWords })
      return z.NEVER
    })
    .prefault(preset)
    .meta({ title, description })

const identifier = z.strictObject({
  field: name.optional().meta({
    title: 'Target Field',
    description: 'The identifier field of the record in the target. Optional if the object has only one.',
  }),
  column: name.meta({ title: 'Query Field', description: 'The column of the query that contains the identifier.' }),
})

/**
 * Keys that every activation in tailrace.yaml has, whatever its target object. The object adds its own (`tags` …).
 * The docs are generated from the titles and descriptions.
 */
export const activationKeys = z.strictObject({
  warehouse: name.meta({ title: 'Warehouse', description: 'The name of the warehouse to query.' }),
  query: z
    .string()
    .refine((sql) => sql.trim() !== '', { error: 'is empty; write SQL that returns the records' })
    .meta({
      title: 'SQL Query',
      description:
        'One SELECT; each row is one record. Tailrace reads only the columns that the activation names (with autoMap, all that fit).',
    }),
  target: name.meta({ title: 'Target', description: 'The name of the target to write to.' }),
  object: name.meta({ title: 'Target Object', description: 'What to write to the target, such as contact_tag.' }),
  behavior: name.meta({
    title: 'Sync Behavior',
    description: 'What to do with records that are in the query, and with records that are no longer in it.',
  }),
  identifier: z
    .union([identifier, z.array(identifier).min(1)], {
      error: ({ input }) =>
        typeof input === 'object' && input !== null
          ? undefined
          : 'write it as { field: <target field>, column: <query column> }',
    })
    .meta({
      title: 'Match the query field with the Target field',
      description:
        'How Tailrace finds the record of a row in the target. In a list, the first identifier that has a value in the row is used.',
    }),
  mapping: mappingKey.optional().meta({
    title: 'Mapping',
    description:
      'Which value goes to which field of the target. The key is the name of the field, the value is a query column or a mapping with the keys below. See mapping.md.',
  }),
  autoMap: z.boolean().default(false).meta({
    title: 'Map by name',
    description: 'Map every other column to the field with the same name, if its type fits.',
  }),
  matches: z.enum(['one', 'all']).default('one').meta({
    title: 'Matches',
    description:
      'What to do if an identifier matches several target records: one rejects the record, all writes to each of them. For upsert and update.',
  }),
  changedRows: z.enum(['mark', 'ignore']).default('mark').meta({
    title: 'Changed rows',
    description:
      'For insert, a row that changes after its record was created: mark shows it as not loaded, ignore hides it.',
  }),
  duplicates: z.enum(['refuse', 'first']).default('refuse').meta({
    title: 'Duplicates',
    description:
      'Rows with the same identifier and different values: refuse makes them invalid, first uses the first row of the query. Equal rows count once. If a column names the tags or companies, the rows of one identifier together name them, and only rows with other identifiers are duplicates.',
  }),
  adopts: name.optional().meta({
    title: 'Adopts',
    description:
      'The name of an activation whose state this activation takes over in its first Run, for example because this activation replaces it with another identifier.',
  }),
  schedule: z
    .union([every, z.strictObject({ cron, timezone: timezone.default('UTC') })])
    .optional()
    .meta({ title: 'Schedule', description: '"every 1h", in s, m, h or d. Without it: manual.' }),
  cron: cron
    .optional()
    .meta({ title: 'Cron', description: 'Instead of schedule: minute, hour, day of month, month, day of week.' }),
  timezone: timezone
    .optional()
    .meta({ title: 'Time zone', description: 'The time zone of cron, such as Europe/Berlin. Default: UTC.' }),
  limits: z
    .strictObject({
      adds: limit(
        '50%',
        'Adds',
        'Maximum number of additions in one Run. A share is of the records that the activation holds.',
      ),
      updates: limit(
        '50%',
        'Updates',
        'Maximum number of records that are updated in one Run. A share is of the records that the activation holds.',
      ),
      removes: limit(
        '20%',
        'Removals',
        'Maximum number of removals in one Run. A share is of the records that the activation holds.',
      ),
      invalid: limit(
        '5%',
        'Invalid rows',
        'Maximum number of rows that cannot become records (no identifier, a duplicate). As with all shares, fewer than 20 never exceed it.',
      ),
      failures: limit(
        '10%',
        'Failures',
        'Maximum number of records that the target rejects. Tailrace checks it from the 100th answer on. Calls in flight at that moment still finish.',
      ),
      shrunk: limit(
        '50%',
        'Shrinking',
        'How much smaller the query result can be than last time, for behaviors that remove records.',
      ),
      population: limit(
        'off',
        'Population',
        'Maximum share of all contacts, companies or conversations in the Target that one Run writes to. It applies to the first Run, too.',
      ),
    })
    .prefault({})
    .meta({
      title: 'Limits',
      description:
        'Guardrails: off, a number of records, or a share. A Run that exceeds a limit is blocked or stopped.',
    }),
  verify: z
    .enum(['none', 'sample', 'full'])
    .default('none')
    .meta({ title: 'Verify', description: 'Read back after each Run.' }),
  ownership: z
    .enum(['respect', 'adopt', 'enforce'])
    .default('respect')
    .meta({
      title: 'Ownership',
      description:
        'respect: what other users or programs added stays external. adopt: what is already in place becomes managed. ' +
        'enforce: everything that the query does not ask for is removed.',
    }),
  drift: z.enum(['report', 'repair']).default('report').meta({
    title: 'Drift',
    description: 'If the target no longer holds what Tailrace wrote: report reports it, repair writes it again.',
  }),
  bookkeeping: z
    .enum(['store'], {
      error: ({ input }) =>
        input === 'warehouse'
          ? 'bookkeeping in the warehouse does not exist yet; write "store", or remove the line'
          : undefined,
    })
    .default('store')
    .meta({
      title: 'Bookkeeping',
      description:
        'Where the change detection keeps its state: store is the control database, so the warehouse needs to grant only SELECT.',
    }),
  timeLimit: duration
    .prefault('6h')
    .meta({ title: 'Time limit', description: 'The maximum time of one Run, including waits.' }),
})
