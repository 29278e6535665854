import type { CatalogueArea } from './entry.ts'

const guard = { whoFixes: 'you: look, then decide', retried: 'no' } as const
const unsent = 'Nothing was written.'
const once = (what: string): string => `Look at "tailrace plan". If it is as you mean it: run with --allow ${what}, once, or raise limits.${what} in tailrace.yaml.`

export const guardrails: CatalogueArea = {
  title: 'Guardrails and plans',
  entries: [
    {
      ...guard, code: 'guard-several', title: 'Several guardrails say no', cause: `The message names each of them, with its figures. ${unsent}`,
      fix: 'Look at "tailrace plan", and at each of them here. --allow takes several, as in --allow adds,removes.',
    },
    {
      ...guard, code: 'guard-adds', title: 'The Run would add too much',
      cause: `More records would get the tag, or be created, than limits.adds allows; often a condition is missing in the query. ${unsent}`,
      fix: once('adds'),
    },
    {
      ...guard, code: 'guard-updates', title: 'The Run would change too much',
      cause: `More records would get other values than limits.updates allows; often the mapping was edited, or a column of the query holds something else than it did. ${unsent}`,
      fix: once('updates'),
    },
    {
      ...guard, code: 'guard-population', title: 'The Run would write to too much of the workspace',
      cause: `More of all contacts, companies or conversations would be written to than limits.population allows; it is off unless you set it. ${unsent}`,
      fix: once('population'),
    },
    {
      ...guard, code: 'guard-removes', title: 'The Run would remove too much',
      cause: `More records would lose the tag, be archived or be deleted than limits.removes allows. For delete and archive a share is of all there are in the Target. ${unsent}`, fix: once('removes'),
    },
    {
      ...guard, code: 'guard-empty', title: 'The query returned nothing',
      cause: `The behavior removes what is not in the query, so no rows would mean: remove it all. A table that failed to load looks the same. ${unsent}`,
      fix: 'Look at the query\'s result. If nothing is what you mean: run with --allow empty, once.',
    },
    {
      ...guard, code: 'guard-shrunk', title: 'The query returned far less than last time',
      cause: `Its result shrank by more than limits.shrunk, and what is missing would be removed. ${unsent}`,
      fix: once('shrunk'),
    },
    {
      ...guard, code: 'guard-invalid', title: 'Too many rows cannot be used',
      cause: `More rows lack a usable identifier than limits.invalid allows; often the wrong column is mapped. ${unsent}`,
      fix: 'See which in "tailrace plan", and mend the query. Or run with --allow invalid, once, or raise limits.invalid.',
    },
    {
      ...guard, code: 'guard-failures', title: 'The Target rejects too many records',
      cause: 'More of the answers were rejections than limits.failures allows, so the Run stopped; what it had sent is written down, and the rest is on hold.',
      fix: 'See "tailrace show RUN --records failed". Mend the reason, or run with --allow failures, once, or raise limits.failures.',
    },
    {
      ...guard, code: 'guard-create', title: 'The Run would make a tag',
      cause: `A tag of this name does not exist, and createTag does not say that it may be made. ${unsent}`,
      fix: 'Correct the name; or set createTag: true, or run with --allow create, once.',
    },
    {
      ...guard, code: 'plan-changed', title: 'The plan no longer holds',
      cause: `Since it was made, something it was computed from has changed: the query's result, tailrace.yaml, what the Target holds, or what Tailrace remembers. The message says which. ${unsent}`,
      fix: 'Make a new plan with "tailrace plan --out", look at it, and run that.',
    },
    {
      ...guard, code: 'plan-expired', title: 'The plan is too old',
      cause: `A plan is good for a limited time, because the world moves on. ${unsent}`,
      fix: 'Make a new plan with "tailrace plan --out", look at it, and run that.',
    },
    {
      ...guard, code: 'plan-damaged', title: 'The plan is not as it was written',
      cause: `The file was changed, cut short, or is no plan at all: its bytes do not match its own hash. ${unsent}`,
      fix: 'Make a new plan with "tailrace plan --out". A plan is not edited: change the query instead.',
    },
    {
      ...guard, code: 'canary-failed', title: 'The first few records did not land as asked',
      cause: 'With --canary a few are written and read back before the rest. One of them was rejected, or does not hold what was written. Only those few were written.',
      fix: 'See "tailrace show RUN --records failed" and the records in the Target; "tailrace undo RUN" takes them back.',
    },
    {
      ...guard, code: 'undo-unconfirmed', title: 'Nobody confirmed the undo',
      cause: `A Run is taken back only when a person at the terminal says yes, or with --yes. ${unsent}`,
      fix: 'Look at "tailrace undo RUN --plan-only", then run it with --yes.',
    },
    {
      ...guard, code: 'undo-unknown', title: 'Nobody knows what this Run changed',
      cause: `It was made by a version of Tailrace that wrote down what was sent, but not whether that changed anything. Taking it back could take what was there before. ${unsent}`,
      fix: 'See its records with "tailrace show RUN --records all", and mend by hand what has to be.',
    },
  ],
}
