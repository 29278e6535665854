/** The first migration of version 1, unchanged: databases of version 1 are recognized by it. */
export const firstOfVersion1 = `-- The nouns of Tailrace as tables. Times are timestamptz; identifiers are text under collation "C", so that order and
-- equality are those of the bytes on every server.

create table activation (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- What may not change while there is a Snapshot: account, object, behaviour, identifier, members. Null before the first Run got that far.
  frozen jsonb,
  created_at timestamptz not null default now()
);

-- Small facts that connectors keep between Runs.
create table memory (
  scope text not null,
  name text not null,
  value text not null,
  set_at timestamptz not null default now(),
  primary key (scope, name)
);

create table run (
  id bigint generated always as identity primary key,
  activation_id bigint not null references activation on delete cascade,
  status text not null,
  -- Fencing token: whoever takes a Run over raises it; marks and settlements carry the value they were started with.
  attempt integer not null default 1,
  worker text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  behavior text not null,
  object text not null,
  identifier text not null,
  members jsonb not null default '[]',
  counts jsonb not null default '{}',
  requests jsonb not null default '{}',
  notices jsonb not null default '[]',
  fault jsonb
);
create index run_by_activation on run (activation_id, id desc);
create index run_unfinished on run (activation_id) where finished_at is null;

-- What we believe the Target holds because of us, per Key. Written by settlement (from Outcomes) and by recovery (doubt) alone;
-- \`present\` only notes whether the last clean read returned the Key.
create table snapshot (
  activation_id bigint not null references activation on delete cascade,
  key text collate "C" not null,
  state text not null check (state in ('holds', 'doubt', 'refused')),
  present boolean not null default true,
  tries integer not null default 0,
  retry_at timestamptz,
  run_id bigint not null,
  primary key (activation_id, key)
);

create table operation (
  run_id bigint not null references run on delete cascade,
  ordinal bigint not null,
  key text collate "C" not null,
  kind text not null,
  reason text not null,
  primary key (run_id, ordinal)
);

-- A batch is marked here before it is sent. Marked and not settled means: in doubt.
create table batch (
  run_id bigint not null references run on delete cascade,
  first_ordinal bigint not null,
  last_ordinal bigint not null,
  attempt integer not null,
  marked_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (run_id, first_ordinal, attempt)
);

-- Append-only Outcomes.
create table ledger (
  run_id bigint not null references run on delete cascade,
  ordinal bigint not null,
  attempt integer not null,
  activation_id bigint not null,
  key text collate "C" not null,
  kind text not null,
  reason text not null,
  at timestamptz not null default now(),
  status text not null check (status in ('delivered', 'unchanged', 'rejected', 'deferred', 'uncertain')),
  code text,
  message text,
  field text,
  http_status integer,
  request_id text,
  target_id text,
  primary key (run_id, ordinal, attempt)
);
create index ledger_by_key on ledger (activation_id, key);
create index ledger_failures on ledger (run_id, status) where status in ('rejected', 'deferred', 'uncertain');

-- Rows that could not become Records. The counts on the run are complete; here are the first of each kind, by name.
create table refusal (
  run_id bigint not null references run on delete cascade,
  number integer not null,
  row_number bigint,
  key text,
  code text not null,
  column_name text not null,
  message text not null,
  primary key (run_id, number)
);
`
