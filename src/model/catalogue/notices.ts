import type { CatalogueArea } from './entry.ts'

const known = { whoFixes: 'nobody: it passes', retried: 'no' } as const
const nothing = 'Nothing; it is said so that you know.'

/** What Runs, plans and checks report that is not a failure. */
export const notices: CatalogueArea = {
  title: 'Notices',
  entries: [
    {
      ...known, code: 'earlier-run-interrupted', title: 'An earlier Run was interrupted',
      cause: 'Its process ended while calls were in flight, so what became of some records was not known.',
      fix: 'Nothing: this Run reads those records first, and then settles them.',
    },
    { ...known, code: 'field-created', title: 'A field was created', cause: 'The mapping names a field that did not exist, and the activation says that it may be created.', fix: nothing },
    { ...known, code: 'group-created', title: 'A tag was created', cause: 'The activation names a tag that did not exist, and says that it may be created.', fix: nothing },
    { ...known, code: 'memory-adopted', title: 'The memory of another activation was taken over', cause: 'The activation says so with adopts, and this was its first Run.', fix: nothing },
    {
      ...known, code: 'mapping-changed', title: 'The mapping changed since the last Run',
      cause: 'Values come from elsewhere than before, so records may count as changed although their rows did not.', fix: 'See that the mapping is as you mean it.',
    },
    {
      ...known, code: 'index-not-asked', title: 'The Target\'s index could not be asked',
      cause: 'Its search did not answer, so what is in place already is not known. Writes that may be repeated are sent all the same, and a verification reads each record by itself.', fix: nothing,
    },
    {
      whoFixes: 'you: look, then decide', retried: 'no', code: 'shared-group', title: 'Two activations write to the same group',
      cause: 'Another activation puts the same tag or company on records of the same account, or takes it off. A removal waits as long as any of them still wants it.',
      fix: 'See that both are as you mean them; one activation for each group is easier to follow.',
    },
    {
      whoFixes: 'you: look, then decide', retried: 'no', code: 'shared-field', title: 'Two activations write to the same field',
      cause: 'Another activation sets the same field on the same kind of record of this account. Each sends only what changed in its own query, so whichever row changed last wins.',
      fix: 'Let one activation own each field.',
    },
    {
      ...known, code: 'written-unread', title: 'Records were written without a look before',
      cause: 'The Target never tells since when, or by whom, something is on these records, so only a read before the write can tell what is managed. Of a large attach only the first are read.',
      fix: 'Nothing. Where an undo has to take all of it back, use mirror, which reads every record first.',
    },
    {
      ...known, code: 'drift-repaired', title: 'Records are put right',
      cause: 'People changed in the Target what this activation had written, and drift: repair says that it is to be put right.', fix: 'To leave such changes alone, set drift: report.',
    },
    {
      whoFixes: 'you: look, then decide', retried: 'no', code: 'guard-overridden', title: 'A guardrail was overridden',
      cause: 'The Run went beyond a limit, and --allow (or "Override and run once") said that it may, for this Run alone.', fix: nothing,
    },
    {
      ...known, code: 'not-as-written', title: 'Records do not hold what was written',
      cause: 'They were read back after the Run, and differ from what the Target had confirmed. They are unconfirmed.', fix: 'Nothing: the next Run settles them. If it happens again, see what else writes to these records.',
    },
    { ...known, code: 'not-read-back', title: 'Some records could not be read back', cause: 'The Target did not show them when what was written was read back.', fix: 'Run "tailrace verify" later.' },
    { ...known, code: 'read-back-failed', title: 'What was written could not be read back', cause: 'Reading back failed as a whole; what was written is not affected.', fix: 'Run "tailrace verify" later.' },
    { ...known, code: 'server-stopped', title: 'The server was stopped during the Run', cause: 'The Run finished what was in flight and ended as deferred.', fix: 'Nothing: a further Run goes on, as soon as a server is up.' },
    { ...known, code: 'never-run', title: 'The activation has not run yet', cause: 'Before its first Run an activation holds nothing that could be read back.', fix: 'Run it first.' },
    {
      whoFixes: 'you: tailrace.yaml', retried: 'no', code: 'config-differs', title: 'The server has another config of this activation',
      cause: 'A command uses tailrace.yaml, a server what was saved in it. They work on the same memory and do not say the same; the notice names the keys.',
      fix: 'Bring them in step: "tailrace apply -f tailrace.yaml", or "tailrace export".',
    },
    { ...known, code: 'repeated-rows', title: 'Rows say the same', cause: 'Several rows of the query name one record and ask for the same. They count as one.', fix: 'Nothing; "select distinct" would leave them out.' },
    {
      whoFixes: 'you: the query', retried: 'no', code: 'later-rows', title: 'Only the first of several rows counts',
      cause: 'Several rows name one record and ask for different things. The activation says duplicates: first, so the first row in the order of the query counts.', fix: 'Order the query, so that the first row is the one you mean.',
    },
    {
      whoFixes: 'you: tailrace.yaml', retried: 'no', code: 'tag-renamed', title: 'A tag has another name by now',
      cause: 'The tag that the activation writes was renamed in Intercom. Tailrace follows the tag, not the name.', fix: 'Write the new name in tags when convenient.',
    },
    {
      whoFixes: 'you: the query', retried: 'no', code: 'companies-missing', title: 'Companies that rows name do not exist',
      cause: 'Intercom does not have them, so the records that name one are not loaded.', fix: 'Correct the column, or create the companies first.',
    },
    {
      whoFixes: 'you: the warehouse', retried: 'no', code: 'role-can-write', title: 'The role may do more than read',
      cause: 'Tailrace reads in a read-only transaction, but a role that may only read is safer.', fix: 'Use a role that has SELECT on what the queries read, and nothing else.',
    },
  ],
}
