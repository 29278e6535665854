import type { Pool } from 'pg'

export interface ServerSize {
  readonly activations: number
  readonly runs: number
  /** Records of the one large Run, the last Run of the Activation `large`. */
  readonly records: number
}

export interface FilledServer {
  readonly largeRun: number
  readonly records: number
}

/**
 * Fills a control database as after years of use: many Activations, very many Runs, and one Run with very many Records.
 * One in a hundred of them failed.
 */
export async function fillServer(pool: Pool, { activations, runs, records }: ServerSize): Promise<FilledServer> {
  await pool.query(`insert into project_entry (section, name, body) values
    ('warehouses', 'shop', '{"type": "duckdb", "path": "./shop.duckdb"}'),
    ('targets', 'support', '{"type": "intercom", "token": "\${INTERCOM_TOKEN:-none}", "baseUrl": "http://127.0.0.1:9"}')`)
  await pool.query(
    `with named as (select case i when 1 then 'large' else 'activation-' || lpad(i::text, 4, '0') end as name from generate_series(1, $1) i),
     saved as (
       insert into project_entry (section, name, body)
       select 'activations', name, json_build_object('warehouse', 'shop', 'query', 'select id from people', 'target', 'support', 'object', 'contact_tag', 'behavior', 'attach',
         'tags', json_build_array('Tag'), 'identifier', json_build_object('field', 'id', 'column', 'id')) from named)
     insert into activation (name, immutable_settings) select name, '{"accountId": "a", "object": "contact_tag", "behavior": "attach", "identifier": "id", "groups": [{"name": "Tag", "id": "1"}]}' from named order by name`,
    [activations],
  )
  const figures = `jsonb_build_object('read', 1000, 'invalid', 0, 'added', 10, 'changed', 0, 'removed', 0, 'unchanged', 990, 'planned', 10, 'delivered', 9, 'alreadyInPlace', 0,
    'leftAlone', 0, 'rejected', 1, 'onHold', 0, 'unconfirmed', 0)`
  await pool.query(
    `insert into run (activation_id, status, worker, started_at, finished_at, behavior, object, identifier, groups, counts, requests, synced, managed, not_loaded, unconfirmed, outcome_groups)
     select 1 + i % $1, (array['completed with failures', 'completed', 'shelved', 'completed', 'failed'])[1 + (i / 7) % 5], 'bench:1', now() - make_interval(mins => ($2 - i) / 10), now() - make_interval(mins => ($2 - i) / 10) + interval '4 s',
       'attach', 'contact_tag', 'id', '[{"name": "Tag", "id": "1"}]', ${figures}, '{"read": 3, "write": 10}', 1000 + i, 900 + i, 1, 0, '[]'
     from generate_series(1, $2) i`,
    [activations, runs],
  )
  const {
    rows: [large],
  } = await pool.query<{ id: string; activation: string }>(
    `insert into run (activation_id, status, worker, finished_at, behavior, object, identifier, groups, counts, requests, synced, managed, not_loaded, unconfirmed, outcome_groups, plan_groups, plan_samples, plan_calls, plan_guards)
     select id, 'completed with failures', 'bench:1', now() + interval '1 h', 'attach', 'contact_tag', 'id', '[{"name": "Tag", "id": "1"}]', ${figures}, '{"read": 3, "write": 10}', $1::bigint - $1::bigint / 100, $1::bigint - $1::bigint / 100, $1::bigint / 100, 0,
       jsonb_build_array(jsonb_build_object('status', 'delivered', 'code', '', 'count', $1::bigint - $1::bigint / 100), jsonb_build_object('status', 'rejected', 'code', 'not-found', 'count', $1::bigint / 100)),
       jsonb_build_array(jsonb_build_object('kind', 'attach', 'reason', 'new', 'note', null, 'code', null, 'lines', $1::bigint, 'links', $1::bigint)),
       '[[{"key": "record-000000001", "group": "Tag", "before": null, "after": null, "message": null}]]', $1::bigint, '[]'
     from activation where name = 'large' returning id, activation_id as activation`,
    [records],
  )
  if (large === undefined) throw new Error('the large Run was not made')
  await pool.query(
    `insert into ledger (run_id, ordinal, attempt, activation_id, key, kind, reason, status, code, message, request_id, group_id, effect, managed)
     select $1, i, 1, $2, 'record-' || lpad(i::text, 9, '0'), 'attach', 'new', case when i % 100 = 0 then 'rejected' else 'delivered' end,
       case when i % 100 = 0 then 'not-found' end, case when i % 100 = 0 then 'There is no contact with this id.' end, 'request-' || i, '1', case when i % 100 <> 0 then 'created' end, i % 100 <> 0
     from generate_series(1, $3) i`,
    [large.id, large.activation, records],
  )
  await pool.query(
    `insert into snapshot (activation_id, key, group_id, state, tries, run_id, managed)
     select $2, 'record-' || lpad(i::text, 9, '0'), '1', case when i % 100 = 0 then 'rejected' else 'synced' end, 1, $1, case when i % 100 = 0 then 'no' else 'yes' end
     from generate_series(1, $3) i`,
    [large.id, large.activation, records],
  )
  await pool.query('vacuum (analyze) project_entry, activation, run, ledger, snapshot')
  return { largeRun: Number(large.id), records }
}
