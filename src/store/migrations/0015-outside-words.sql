-- One word for each concept, everywhere. What is stored is shown, so what is stored is renamed.

-- What became of a Record.
alter table ledger drop constraint ledger_status_check;
drop index ledger_unsettled;
update ledger set
  status = case status when 'unchanged' then 'in-place' when 'deferred' then 'on-hold' when 'uncertain' then 'unconfirmed' else status end,
  kind = case kind when 'add' then 'attach' when 'remove' then 'detach' when 'keep' then 'skip' when 'refuse' then 'reject' when 'hold' then 'wait' else kind end,
  reason = case reason when 'in-doubt' then 'unconfirmed' else reason end,
  code = case when kind = 'keep' and code = 'already-in-place' then 'in-place' when kind = 'keep' and code = 'theirs' then 'external' else code end
where status in ('unchanged', 'deferred', 'uncertain') or kind in ('add', 'remove', 'keep', 'refuse', 'hold') or reason = 'in-doubt';
alter table ledger add constraint ledger_status_check check (status in ('delivered', 'in-place', 'rejected', 'on-hold', 'unconfirmed'));
create index ledger_unsettled on ledger (run_id, key) include (code) where status in ('rejected', 'unconfirmed');
update exchange set status = case status when 'deferred' then 'on-hold' else 'unconfirmed' end where status in ('deferred', 'uncertain');

-- Lines of Plans: of Runs that are under way, and of those whose process died.
update operation set
  kind = case kind when 'add' then 'attach' when 'remove' then 'detach' when 'keep' then 'skip' when 'refuse' then 'reject' when 'hold' then 'wait' else kind end,
  reason = case reason when 'in-doubt' then 'unconfirmed' else reason end,
  note = case note when 'already-in-place' then 'in-place' when 'theirs' then 'external' else note end;

-- What is believed of a Record.
alter table snapshot drop constraint snapshot_state_check;
drop index snapshot_standing;
update snapshot set state = case state when 'holds' then 'synced' when 'doubt' then 'unconfirmed' else 'rejected' end;
alter table snapshot add constraint snapshot_state_check check (state in ('synced', 'unconfirmed', 'rejected'));
create index snapshot_standing on snapshot (activation_id, key) include (state, run_id) where present and state <> 'synced';

-- How a Run ended, and what it says of itself. Plans that were kept have lines of another form: they are made anew.
update run set
  status = case when status <> 'refused' then status when fault ->> 'code' in ('canary-failed', 'guard-failures') then 'stopped' else 'blocked' end,
  fault = case when fault is null then null
    else fault
      || case when fault ->> 'kind' <> 'refused' then '{}' when fault ->> 'code' in ('canary-failed', 'guard-failures') then '{"kind": "stopped"}' else '{"kind": "blocked"}' end::jsonb
      || case when fault ->> 'code' = 'guard-refused' then '{"code": "guard-invalid"}' else '{}' end::jsonb end,
  counts = case when counts = '{}' then counts
    else counts - 'refused' - 'inDoubt' || jsonb_build_object('invalid', coalesce(counts -> 'refused', '0'), 'unconfirmed', coalesce(counts -> 'inDoubt', '0')) end,
  notices = (select coalesce(jsonb_agg(jsonb_build_object('code', 'note', 'words', notice, 'data', '{}'::jsonb) order by n), '[]') from jsonb_array_elements_text(notices) with ordinality as o (notice, n)),
  allowed = (select coalesce(jsonb_agg(case rule when 'refused' then 'invalid' else rule end order by n), '[]') from jsonb_array_elements_text(allowed) with ordinality as o (rule, n)),
  kept_until = case when kept_until is not null then now() end,
  outcome_groups = case when outcome_groups is null then null else (
    select coalesce(jsonb_agg(outcome || jsonb_build_object(
      'status', case outcome ->> 'status' when 'unchanged' then 'in-place' when 'deferred' then 'on-hold' when 'uncertain' then 'unconfirmed' else outcome ->> 'status' end,
      'code', case outcome ->> 'code' when 'already-in-place' then 'in-place' when 'theirs' then 'external' else outcome ->> 'code' end) order by n), '[]')
    from jsonb_array_elements(outcome_groups) with ordinality as o (outcome, n)) end,
  plan_groups = case when plan_groups is null then null else (
    select coalesce(jsonb_agg(line || jsonb_build_object(
      'kind', case line ->> 'kind' when 'add' then 'attach' when 'remove' then 'detach' when 'keep' then 'skip' when 'refuse' then 'reject' when 'hold' then 'wait' else line ->> 'kind' end,
      'reason', case line ->> 'reason' when 'in-doubt' then 'unconfirmed' else line ->> 'reason' end,
      'note', case line ->> 'note' when 'already-in-place' then 'in-place' when 'theirs' then 'external' else line ->> 'note' end) order by n), '[]')
    from jsonb_array_elements(plan_groups) with ordinality as o (line, n)) end,
  plan_guards = case when plan_guards is null or plan_guards = 'null' then plan_guards else (
    select coalesce(jsonb_agg(guard - 'letThrough' || jsonb_build_object(
      'rule', case guard ->> 'rule' when 'refused' then 'invalid' else guard ->> 'rule' end, 'overridden', guard -> 'letThrough') order by n), '[]')
    from jsonb_array_elements(plan_guards) with ordinality as o (guard, n)) end;

-- Saved Activations: limits.refused is limits.invalid, with its keys in their order.
update project_entry set body = (
  select json_object_agg(key, case when key = 'limits' then (
    select json_object_agg(case l.key when 'refused' then 'invalid' else l.key end, l.value order by l.n) from json_each(value) with ordinality as l (key, value, n)
  ) else value end order by n) from json_each(body) with ordinality as b (key, value, n))
where section = 'activations' and json_typeof(body -> 'limits') = 'object' and body -> 'limits' -> 'refused' is not null;
update project_entry_past set body = (
  select json_object_agg(key, case when key = 'limits' then (
    select json_object_agg(case l.key when 'refused' then 'invalid' else l.key end, l.value order by l.n) from json_each(value) with ordinality as l (key, value, n)
  ) else value end order by n) from json_each(body) with ordinality as b (key, value, n))
where section = 'activations' and json_typeof(body -> 'limits') = 'object' and body -> 'limits' -> 'refused' is not null;
