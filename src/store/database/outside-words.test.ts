import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { migrate } from './migrate.ts'

const all = join(import.meta.dirname, '..', 'migrations')

/** A database as the version before the renaming left it. */
const before = `
  insert into activation (id, name) overriding system value values (1, 'old');
  insert into run (id, activation_id, status, worker, behavior, object, identifier, counts, notices, allowed, fault, outcome_groups, plan_groups, plan_guards, finished_at) overriding system value values
    (1, 1, 'refused', 'w', 'mirror', 'contact_tag', 'id', '{"read": 5, "refused": 2, "inDoubt": 0}', '["The tag was renamed."]', '["refused"]', '{"kind": "refused", "code": "guard-refused", "message": "m"}',
      '[{"status": "deferred", "code": "time-limit", "count": 3}, {"status": "unchanged", "code": "theirs", "count": 1}]',
      '[{"kind": "keep", "reason": "in-doubt", "note": "already-in-place", "code": null, "lines": 1, "members": 1}, {"kind": "add", "reason": "new", "note": null, "code": null, "lines": 1, "members": 1}]',
      '[{"rule": "refused", "words": "w", "letThrough": true}]', now()),
    (2, 1, 'refused', 'w', 'attach', 'contact_tag', 'id', '{}', '[]', '[]', '{"kind": "refused", "code": "canary-failed", "message": "m"}', null, null, null, now());
  insert into ledger (run_id, ordinal, attempt, activation_id, key, kind, reason, status, code) values
    (1, 1, 1, 1, 'a', 'add', 'in-doubt', 'uncertain', 'timeout'), (1, 2, 1, 1, 'b', 'keep', 'new', 'unchanged', 'already-in-place'),
    (1, 3, 1, 1, 'c', 'keep', 'left', 'unchanged', 'theirs'), (1, 4, 1, 1, 'd', 'remove', 'left', 'deferred', 'trouble'), (1, 5, 1, 1, 'e', 'refuse', 'new', 'rejected', 'not-found');
  insert into operation (run_id, ordinal, key, kind, reason, note) values (1, 1, 'a', 'hold', 'in-doubt', 'theirs');
  insert into snapshot (activation_id, key, state, run_id) values (1, 'a', 'doubt', 1), (1, 'b', 'holds', 1), (1, 'e', 'refused', 1);
  insert into project_entry (section, name, body) values ('activations', 'old', '{"query": "select 1", "limits": {"adds": "50%", "refused": "5%", "removes": "off"}, "target": "t"}');`

test('what a database holds of before the renaming is told in the words of now', async (t) => {
  const { pool } = await testDatabase(t)
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-words-'))
  t.after(() => rm(directory, { recursive: true }))
  const files = (await readdir(all)).toSorted()
  const copy = (some: readonly string[]) => Promise.all(some.map((file) => cp(join(all, file), join(directory, file))))
  const client = await pool.connect()
  try {
    await copy(files.filter((file) => file < '0015'))
    await migrate(client, { directory, schema: 'earlier' })
    await client.query('set search_path = earlier')
    await client.query(before)
    await copy(files)
    await migrate(client, { directory, schema: 'earlier' })
    await client.query('set search_path = earlier')
    const rows = async (sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[][]
    assert.deepEqual(await rows('select status, fault, counts, notices, allowed from run where id = 1'), [[
      'blocked', { kind: 'blocked', code: 'guard-invalid', message: 'm' }, { read: 5, invalid: 2, unconfirmed: 0 }, [{ code: 'note', words: 'The tag was renamed.', data: {} }], ['invalid'],
    ]])
    assert.deepEqual(await rows('select status, fault ->> \'kind\' from run where id = 2'), [['stopped', 'stopped']])
    assert.deepEqual(await rows('select outcome_groups, plan_groups, plan_guards from run where id = 1'), [[
      [{ status: 'on-hold', code: 'time-limit', count: 3 }, { status: 'in-place', code: 'external', count: 1 }],
      [{ kind: 'skip', reason: 'unconfirmed', note: 'in-place', code: null, lines: 1, groups: 1 }, { kind: 'attach', reason: 'new', note: null, code: null, lines: 1, groups: 1 }],
      [{ rule: 'invalid', words: 'w', overridden: true }],
    ]])
    assert.deepEqual(await rows('select kind, reason, status, code from ledger order by ordinal'), [
      ['attach', 'unconfirmed', 'unconfirmed', 'timeout'], ['skip', 'new', 'in-place', 'in-place'], ['skip', 'left', 'in-place', 'external'],
      ['detach', 'left', 'on-hold', 'trouble'], ['reject', 'new', 'rejected', 'not-found'],
    ])
    assert.deepEqual(await rows('select kind, reason, note from operation'), [['wait', 'unconfirmed', 'external']])
    assert.deepEqual(await rows('select state from snapshot order by key'), [['unconfirmed'], ['synced'], ['rejected']])
    assert.equal((await rows('select body::text from project_entry'))[0]?.[0]?.toString().replaceAll(' ', ''), '{"query":"select1","limits":{"adds":"50%","invalid":"5%","removes":"off"},"target":"t"}')
  } finally {
    client.release(true)
  }
})
