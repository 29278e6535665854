import type { CatalogueArea } from './entry.ts'

const known = { whoFixes: 'no one: nothing to fix', retried: 'no' } as const
const nothing = 'Nothing. This is for information.'

/** What Runs, plans and checks report that is not a failure. */
export const notices: CatalogueArea = {
  title: 'Notices',
  entries: [
    {
      ...known,
      code: 'earlier-run-interrupted',
      title: 'An earlier Run was interrupted',
      cause: 'Its process ended while calls were in flight, so the state of some records was unknown.',
      fix: 'Nothing: this Run reads those records first, and then settles them.',
    },
    {
      ...known,
      code: 'job-collected',
      title: 'The results of an earlier job were collected',
      cause:
        'An earlier Run ended while a job of the Target worked on its records. This Run collected the results. They are counted in the Run that started the job.',
      fix: nothing,
    },
    {
      ...known,
      code: 'field-created',
      title: 'A field was created',
      cause: 'The mapping names a field that did not exist, and the activation allows Tailrace to create it.',
      fix: nothing,
    },
    {
      ...known,
      code: 'group-created',
      title: 'A tag was created',
      cause: 'The activation names a tag that did not exist, and allows Tailrace to create it.',
      fix: nothing,
    },
    {
      ...known,
      code: 'memory-adopted',
      title: 'The state of another activation was taken over',
      cause: 'The activation requests this with adopts, and this was its first Run.',
      fix: nothing,
    },
    {
      ...known,
      code: 'mapping-changed',
      title: 'The mapping changed since the last Run',
      cause:
        'Values have another source than before, so records can count as changed although their rows did not change.',
      fix: 'Check that the new mapping is intended.',
    },
    {
      ...known,
      code: 'index-not-asked',
      title: 'The search index of the Target cannot be used',
      cause:
        'A search or list of the Target failed, so Tailrace does not know what is already in place. It sends the writes that are safe to repeat anyway. A verification reads each record one by one.',
      fix: nothing,
    },
    {
      whoFixes: 'you: review and decide',
      retried: 'no',
      code: 'shared-group',
      title: 'Two activations write to the same group',
      cause:
        'Another activation adds the same tag or company to records of the same account, or removes it. A removal waits while one of them still requests the tag or company.',
      fix: 'Check that both activations are as intended. One activation for each group is easier to understand.',
    },
    {
      whoFixes: 'you: review and decide',
      retried: 'no',
      code: 'shared-field',
      title: 'Two activations write to the same field',
      cause:
        'Another activation sets the same field on the same kind of record of this account. Each activation sends only what changed in its own query, so the last change wins.',
      fix: 'Let only one activation write each field.',
    },
    {
      ...known,
      code: 'written-unread',
      title: 'Records were written without a read before',
      cause:
        'The Target does not report when, or by whom, a tag was added to these records, so only a read before the write shows what is managed. Of a large attach, Tailrace reads only the first records.',
      fix: 'Nothing. If an undo must be able to remove all of the tags, use mirror, which reads every record first.',
    },
    {
      ...known,
      code: 'drift-repaired',
      title: 'Records are repaired',
      cause:
        'Someone changed in the Target what this activation wrote, and drift: repair tells Tailrace to write it again.',
      fix: 'To leave such changes unrepaired, set drift: report.',
    },
    {
      whoFixes: 'you: review and decide',
      retried: 'no',
      code: 'guard-overridden',
      title: 'A guardrail was overridden',
      cause: 'The Run exceeded a limit, and --allow (or "Override and run once") allowed it for this Run only.',
      fix: nothing,
    },
    {
      ...known,
      code: 'not-as-written',
      title: 'Records do not hold what was written',
      cause:
        'Tailrace read the records back after the Run, and they differ from what the Target had confirmed. They are unconfirmed.',
      fix: 'Nothing: the next Run settles them. If it happens again, check which other program writes to these records.',
    },
    {
      ...known,
      code: 'not-read-back',
      title: 'Some records could not be read back',
      cause: 'The Target did not return them when Tailrace read back what it wrote.',
      fix: 'Run "tailrace verify" later.',
    },
    {
      ...known,
      code: 'read-back-failed',
      title: 'The written records could not be read back',
      cause: 'The read-back failed for all records. The writes themselves are not affected.',
      fix: 'Run "tailrace verify" later.',
    },
    {
      ...known,
      code: 'server-stopped',
      title: 'The server was stopped during the Run',
      cause: 'The Run finished the calls that were in flight and ended as deferred.',
      fix: 'Nothing: another Run continues as soon as a server is up.',
    },
    {
      ...known,
      code: 'never-run',
      title: 'The activation has not run yet',
      cause: 'Before its first Run an activation has no state, so there is nothing to verify.',
      fix: 'Run it first.',
    },
    {
      whoFixes: 'you: tailrace.yaml',
      retried: 'no',
      code: 'config-differs',
      title: 'The server has another config of this activation',
      cause:
        'The command uses tailrace.yaml, and the server uses the config saved in the control database. Both use the same state, but the configs differ. The notice names the keys.',
      fix: 'Make the configs equal with "tailrace apply -f tailrace.yaml" or "tailrace export".',
    },
    {
      ...known,
      code: 'repeated-rows',
      title: 'Several rows are equal',
      cause: 'Several rows of the query identify the same record and ask for the same values. They count as one row.',
      fix: 'Nothing. "select distinct" removes the repeated rows.',
    },
    {
      whoFixes: 'you: the query',
      retried: 'no',
      code: 'later-rows',
      title: 'Only the first of several rows counts',
      cause:
        'Several rows identify the same record and ask for different values. The activation has duplicates: first, so the first row in the order of the query counts.',
      fix: 'Add an "order by" to the query that puts the right row first.',
    },
    {
      whoFixes: 'you: tailrace.yaml',
      retried: 'no',
      code: 'tag-renamed',
      title: 'A tag was renamed',
      cause: 'The tag that the activation writes was renamed in Intercom. Tailrace follows the tag, not the name.',
      fix: 'Write the new name in tags when convenient.',
    },
    {
      whoFixes: 'you: the query',
      retried: 'no',
      code: 'tags-missing',
      title: 'Some tags in the rows do not exist',
      cause:
        'Intercom has no tags with these names, and the activation may not create them. Records that name them get the other tags of their rows.',
      fix: 'Correct the column, create the tags in Intercom, or (to attach) set createTag: true. The next Run adds what is missing.',
    },
    {
      whoFixes: 'you: the query',
      retried: 'no',
      code: 'kept-beside-missing',
      title: 'Nothing was removed beside an unknown name',
      cause:
        'Some rows name a tag or a company that does not exist. What such a row asks for is partly unknown, so its record keeps all its managed tags or companies.',
      fix: 'Correct the names. The next Run then removes what the rows no longer name.',
    },
    {
      whoFixes: 'you: the query',
      retried: 'no',
      code: 'companies-missing',
      title: 'Some companies in the rows do not exist',
      cause:
        'Intercom has no company with these ids. Contacts that name them are added to the other companies of their rows.',
      fix: 'Correct the column, or create the companies first.',
    },
    {
      whoFixes: 'you: the warehouse',
      retried: 'no',
      code: 'role-can-write',
      title: 'The role can write to the warehouse',
      cause: 'Tailrace reads in a read-only transaction, but a role that can only read is safer.',
      fix: 'Use a role that has SELECT on the tables that the queries read, and no other rights.',
    },
  ],
}
