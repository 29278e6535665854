import { z } from 'zod'
import { parseDuration } from '../rules/duration.ts'
import { parseLimit, type ConfigLimit } from './limit.ts'
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
    ? 'a cron pattern goes under "cron:" (and its time zone under "timezone:")'
    : 'not a schedule; write "every 15m", "every 1h" or "every 2d", or use "cron:" and "timezone:"'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const durationWords = 'not a length of time; write it as in 90s, 15m, 6h or 1d'
const duration = z.string({ error: durationWords }).transform((text, context): number => {
  const ms = parseDuration(text)
  if (ms !== undefined && ms <= longestRunMs) return ms
  const message = ms === undefined ? durationWords : 'too long; 24d is the most'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const limitWords = 'not a limit; write off, a whole number of records (200), or a share from 0% to 100% (50%)'
const limit = (preset: string, title: string, description: string) =>
  z.union([z.string(), z.number()], { error: limitWords })
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
    title: 'Target Field', description: 'What the target finds the record by. May be left out where the object has only one.',
  }),
  column: name.meta({ title: 'Query Field', description: 'The column of the query that holds it.' }),
})

/**
 * Keys that every activation in tailrace.yaml has, whatever its target object. The object adds its own (`tags` …).
 * The docs are generated from the titles and descriptions.
 */
export const activationKeys = z.strictObject({
  warehouse: name.meta({ title: 'Warehouse', description: 'Which of the warehouses above to query.' }),
  query: z.string().refine(sql => sql.trim() !== '', { error: 'is empty; write the SQL whose rows are the records to act on' })
    .meta({ title: 'SQL Query', description: 'One SELECT; each row is one record. Only the columns named elsewhere in the activation are read (all that fit, with autoMap).' }),
  target: name.meta({ title: 'Target', description: 'Which of the targets above to write to.' }),
  object: name.meta({ title: 'Target Object', description: 'What to write there, such as contact_tag.' }),
  behavior: name.meta({ title: 'Sync Behavior', description: 'What to do with records that are in the query, or have left it.' }),
  identifier: z.union([identifier, z.array(identifier).min(1)], {
    error: ({ input }) => (typeof input === 'object' && input !== null ? undefined : 'write it as { field: <target field>, column: <query column> }'),
  }).meta({
    title: 'Match the query field with the Target field',
    description: 'How a row finds its record in the target. A list: the first one that the row has, in this order.',
  }),
  mapping: mappingKey.optional().meta({
    title: 'Mapping', description: 'Which value goes to which field of the target. Under the name of each field the query column, or what is below. See mapping.md.',
  }),
  autoMap: z.boolean().default(false).meta({
    title: 'Map by name', description: 'Every other column goes to the field of its name, where there is one of a fitting type.',
  }),
  matches: z.enum(['one', 'all']).default('one').meta({
    title: 'Matches', description: 'Where an identifier names several records: one rejects the record, all delivers it to each. For upsert and update.',
  }),
  changedRows: z.enum(['mark', 'ignore']).default('mark').meta({
    title: 'Changed rows', description: 'For insert: a row that changes after its record was created is marked as not loaded, or ignored.',
  }),
  duplicates: z.enum(['refuse', 'first']).default('refuse').meta({
    title: 'Duplicates',
    description: 'Rows that name one record and ask for different things: refuse makes them invalid, first lets the first row of the query count. Rows that say the same count once.',
  }),
  adopts: name.optional().meta({
    title: 'Adopts', description: 'An activation whose memory this one takes over at its first Run, such as the one it replaces with another identifier.',
  }),
  schedule: z.union([every, z.strictObject({ cron, timezone: timezone.default('UTC') })]).optional()
    .meta({ title: 'Schedule', description: '"every 1h", in s, m, h or d. Left out: manual.' }),
  cron: cron.optional().meta({ title: 'Cron', description: 'Instead of schedule: minute, hour, day of month, month, day of week.' }),
  timezone: timezone.optional().meta({ title: 'Time zone', description: 'For cron, as in Europe/Berlin. Default: UTC.' }),
  limits: z.strictObject({
    adds: limit('50%', 'Adds', 'Additions in one Run, at most. A share is of what the activation holds.'),
    updates: limit('50%', 'Updates', 'Records that get other values in one Run, at most. A share is of what the activation holds.'),
    removes: limit('20%', 'Removals', 'Removals in one Run, at most. A share is of what the activation holds.'),
    invalid: limit('5%', 'Invalid rows', 'Rows that cannot become records (no identifier, a duplicate), at most.'),
    failures: limit('10%', 'Failures', 'Records that the target rejects, at most, judged after the first 100 answers. What is on its way then is still answered.'),
    shrunk: limit('50%', 'Shrinking', 'How much smaller the query result may be than last time, where records are removed.'),
    population: limit('off', 'Population', 'Share of all contacts, companies or conversations in the Target that one Run may write to; it binds a first Run, too.'),
  }).prefault({}).meta({
    title: 'Limits', description: 'Guardrails: off, a number of records, or a share. They stop a Run rather than let it go too far.',
  }),
  verify: z.enum(['none', 'sample', 'full']).default('none').meta({ title: 'Verify', description: 'Read back after each Run.' }),
  ownership: z.enum(['respect', 'adopt', 'enforce']).default('respect')
    .meta({
      title: 'Ownership',
      description: 'respect: what others put on stays external. adopt: what is found in place becomes managed. '
        + 'enforce: only what the query says may stay.',
    }),
  drift: z.enum(['report', 'repair']).default('report')
    .meta({ title: 'Drift', description: 'When the target no longer holds what we put there: say so, or put it back.' }),
  bookkeeping: z.enum(['store', 'warehouse']).default('store')
    .meta({ title: 'Bookkeeping', description: 'Where change detection is kept: our store (SELECT is enough), or the warehouse.' }),
  timeLimit: duration.prefault('6h').meta({ title: 'Time limit', description: 'How long one Run may take, waiting included.' }),
})
