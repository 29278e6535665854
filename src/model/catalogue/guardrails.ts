import type { CatalogueArea } from './entry.ts'

const guard = { whoFixes: 'you: review and decide', retried: 'no' } as const
const unsent = 'Nothing was written.'
const once = (what: string): string =>
  `Review "tailrace plan". If the change is intended, run once with --allow ${what}, or raise limits.${what} in tailrace.yaml.`

export const guardrails: CatalogueArea = {
  title: 'Guardrails and plans',
  entries: [
    {
      ...guard,
      code: 'guard-several',
      title: 'Several guardrails block the Run',
      cause: `The message names each guardrail with its figures. ${unsent}`,
      fix: 'Review "tailrace plan", and read the entry of each guardrail on this page. --allow accepts several guardrails: --allow adds,removes.',
    },
    {
      ...guard,
      code: 'guard-adds',
      title: 'The Run would add too many records',
      cause: `More records would be tagged or created than limits.adds allows. Often the query lacks a condition. ${unsent}`,
      fix: once('adds'),
    },
    {
      ...guard,
      code: 'guard-updates',
      title: 'The Run would change too many records',
      cause: `More records would be updated than limits.updates allows. Often the mapping was edited, or a query column now contains other values. ${unsent}`,
      fix: once('updates'),
    },
    {
      ...guard,
      code: 'guard-population',
      title: 'The Run would write to too much of the workspace',
      cause: `The Run would write to a larger share of all contacts, companies or conversations than limits.population allows. This limit is off unless you set it. ${unsent}`,
      fix: once('population'),
    },
    {
      ...guard,
      code: 'guard-removes',
      title: 'The Run would remove too many records',
      cause: `More records would lose the tag, be archived or be deleted than limits.removes allows. For delete and archive, a share is of all records of that kind in the Target. ${unsent}`,
      fix: once('removes'),
    },
    {
      ...guard,
      code: 'guard-empty',
      title: 'The query returned nothing',
      cause: `The behavior removes records that are no longer in the query, so an empty result would remove all of them. A table that failed to load gives the same result. ${unsent}`,
      fix: 'Check the result of the query. If the empty result is intended, run once with --allow empty.',
    },
    {
      ...guard,
      code: 'guard-shrunk',
      title: 'The query returned far fewer rows than last time',
      cause: `The result shrank by more than limits.shrunk, and the missing records would be removed. ${unsent}`,
      fix: once('shrunk'),
    },
    {
      ...guard,
      code: 'guard-invalid',
      title: 'Too many rows are invalid',
      cause: `More rows could not become records than limits.invalid allows. Often the wrong column is mapped. ${unsent}`,
      fix: 'See the invalid rows in "tailrace plan", and fix the query. Or run once with --allow invalid, or raise limits.invalid.',
    },
    {
      ...guard,
      code: 'guard-failures',
      title: 'The Target rejects too many records',
      cause:
        'More answers were rejections than limits.failures allows, so the Run stopped. The sent records are saved with their results. The other records are on hold.',
      fix: 'See "tailrace show RUN --records failed". Fix the reason. Or run once with --allow failures, or raise limits.failures.',
    },
    {
      ...guard,
      code: 'guard-create',
      title: 'The Run would create a tag',
      cause: `A tag with this name does not exist, and createTag does not allow Tailrace to create it. ${unsent}`,
      fix: 'Correct the name, or set createTag: true, or run once with --allow create.',
    },
    {
      ...guard,
      code: 'plan-changed',
      title: 'The plan no longer matches',
      cause: `Something that the plan was computed from has changed since: the query's result, tailrace.yaml, the data in the Target, or the state of the activation. The message says which. ${unsent}`,
      fix: 'Make a new plan with "tailrace plan --out", review it, and run the new plan.',
    },
    {
      ...guard,
      code: 'plan-expired',
      title: 'The plan has expired',
      cause: `A plan is valid for a limited time, because the data changes in the meantime. ${unsent}`,
      fix: 'Make a new plan with "tailrace plan --out", review it, and run the new plan.',
    },
    {
      ...guard,
      code: 'plan-damaged',
      title: 'The plan file was changed or is incomplete',
      cause: `The file was edited or truncated, or it is not a plan: its content does not match its hash. ${unsent}`,
      fix: 'Make a new plan with "tailrace plan --out". A plan cannot be edited; change the query instead.',
    },
    {
      ...guard,
      code: 'canary-failed',
      title: 'The first few records were not delivered as requested',
      cause:
        'With --canary, Tailrace writes a few records and reads them back before it writes the others. One of these records was rejected, or does not hold what was written. No other record was sent.',
      fix: 'See "tailrace show RUN --records failed" and the records in the Target. "tailrace undo RUN" undoes these writes.',
    },
    {
      ...guard,
      code: 'undo-unconfirmed',
      title: 'The undo was not confirmed',
      cause: `Tailrace undoes a Run only after you confirm it in the terminal, or with --yes. ${unsent}`,
      fix: 'Review "tailrace undo RUN --plan-only", then run it with --yes.',
    },
  ],
}
