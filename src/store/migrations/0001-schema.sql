-- The schema of the control database. Times are timestamptz; identifiers are text under collation "C", so that their order and
-- equality are those of the bytes on every server. Moments in `operation` are unix milliseconds.

-- Revisions of saved entries.
create sequence project_revision;
-- Plans have numbers of their own, so that run numbers are used by Runs alone.
create sequence plan_number;

create table activation (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- Settings that may not change while there is a Snapshot: account, object, behavior, identifier, groups. Null before the first Run.
  immutable_settings jsonb,
  created_at timestamptz not null default now(),
  -- The Activation that took over the state of this one.
  taken_over_by bigint references activation on delete set null
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
  -- Fencing token: a process that takes over a Run increases it. Marks and settlements carry the value they started with.
  attempt integer not null default 1,
  worker text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  behavior text not null,
  object text not null,
  identifier text not null,
  -- Groups that the Activation names: [{name, id}].
  groups jsonb not null default '[]',
  counts jsonb not null default '{}',
  requests jsonb not null default '{}',
  notices jsonb not null default '[]',
  fault jsonb,
  -- 'run', 'plan' or 'undo'.
  purpose text not null default 'run',
  -- Guardrails that a person overrode for this Run.
  allowed jsonb not null default '[]',
  -- The Run that this one undoes.
  undoes bigint references run,
  -- Which query field feeds which Field, as of this Run.
  mapping jsonb,
  -- State of the Activation when the Run ended: synced, not loaded and unconfirmed Records. Null while the Run goes on.
  synced bigint,
  not_loaded bigint,
  unconfirmed bigint,
  -- Outcomes by reason: [{status, code, count}], the most frequent first. Null while the Run goes on.
  outcome_groups jsonb,
  -- When upkeep last looked at an old Run of which something had to stay.
  pruned_at timestamptz,
  -- Of `synced`: Records that this Activation created or added itself.
  managed bigint,
  -- The Plan by kind and reason, with counts (src/store/plans/stored-plans.ts). Null before the Plan is made.
  plan_groups jsonb,
  -- A few lines of each plan group. json, not jsonb: Fields keep their order. Null once upkeep has deleted the records of the Run.
  plan_samples json,
  -- Estimated number of write calls.
  plan_calls integer,
  -- Guardrails that the Plan ran into.
  plan_guards jsonb,
  -- A Plan that the server keeps, so that exactly what a person saw can be run; its lines are in `operation`.
  -- json, not jsonb: its hash covers the text as it was written.
  kept_plan json,
  kept_until timestamptz,
  -- Invalid rows by code and column: [{code, column, count}].
  invalid_groups jsonb,
  -- Clock of the Target minus clock of this database, in milliseconds. Null if the Target did not send its time.
  clock_ahead_ms integer
);
create index run_by_activation on run (activation_id, id desc);
create index run_unfinished on run (activation_id) where finished_at is null;
create index run_by_status on run (status, id desc);
-- For upkeep, which deletes old Runs.
create index run_by_start on run (started_at);
create index run_by_undoes on run (undoes) where undoes is not null;
create index run_kept on run (kept_until) where kept_until is not null;

-- What we believe the Target holds because of us, one row per Record: a whole record, or a link of a target record to a group.
-- Written by settlement (from Outcomes) and by recovery alone.
-- No foreign key: it is checked row by row, which costs more than half of writing a Plan. The same holds for `operation` and
-- `ledger`. These rows are written only by statements that hold the Run or the lock of the Activation, so no reference can
-- dangle; a statement that deletes a Run deletes them first.
create table snapshot (
  activation_id bigint not null,
  key text collate "C" not null,
  -- Id of the group; empty for whole records. While the group is not created yet: its name (`pendingGroup`).
  group_id text collate "C" not null default '',
  -- synced; unconfirmed: sent, no clear answer; rejected: the Target said no.
  state text not null check (state in ('synced', 'unconfirmed', 'rejected')),
  -- Its row is in the last complete Stage.
  present boolean not null default true,
  -- Rejections in a row.
  tries integer not null default 0,
  retry_at timestamptz,
  -- The Run that settled it last.
  run_id bigint not null,
  -- yes: we created the target record or the link, and nobody has changed that since, as far as we know. unconfirmed: our create
  -- of a target record got no clear answer.
  managed text not null default 'no' check (managed in ('no', 'yes', 'unconfirmed')),
  -- Of a whole record: fingerprint of what its row asked for when it was settled. Null: not known, so the Record differs.
  desired uuid,
  -- While unconfirmed: between these times it was sent.
  sent_from timestamptz,
  sent_to timestamptz,
  -- Id of the target record, if known.
  target_id text,
  -- Fingerprints of its Fields when they were settled (src/rules/fingerprints.ts). Null: never.
  fingerprints text,
  -- When the managed link was added, if only the Ledger of another Activation says so, whose state was taken over.
  managed_from timestamptz,
  managed_to timestamptz,
  -- Its row was gone and is back, and nothing of it was settled since: the next Run reads it.
  returned boolean not null default false,
  primary key (activation_id, key, group_id)
);
-- Failures that stand: few among many.
create index snapshot_standing on snapshot (activation_id, key, group_id) include (state, run_id) where present and state <> 'synced';
-- By target record, whichever identifier names it.
create index snapshot_by_target on snapshot (target_id, activation_id) where target_id is not null;
-- Links to groups that do not exist yet.
create index snapshot_pending on snapshot (activation_id) where starts_with(group_id, 'name:');

-- Lines of the Plan of a Run.
create table operation (
  run_id bigint not null,
  ordinal bigint not null,
  key text collate "C" not null,
  kind text not null,
  reason text not null,
  group_id text collate "C" not null default '',
  -- Of a whole record: our create made the target record; of its removal: it was managed.
  managed boolean not null default false,
  -- Of a whole record: fingerprint of what the row asks for.
  desired uuid,
  -- For an unconfirmed Record, copied from the Snapshot: when it was sent.
  sent_from double precision,
  sent_to double precision,
  -- Of lines that ask nothing (skip): why.
  note text,
  -- Number of target records that this Record goes to: it is settled when all of its lines are.
  parts smallint not null default 1,
  -- Of a link to add: it certainly did not exist. Of a link to remove: it certainly existed.
  certain boolean not null default true,
  -- For a line of an undo: once it is delivered, the Snapshot forgets the Record (otherwise it counts as synced again).
  forgets_when_done boolean not null default false,
  target_id text,
  -- All identifiers of the Record, as JSON [[field, value], ...]. Null: its Key is the only one.
  identities text,
  -- The values to set, and the values before where known: JSON objects.
  asks text,
  before text,
  fingerprints text,
  -- Why the line is rejected or waits.
  code text,
  message text,
  primary key (run_id, ordinal)
);

-- A batch is marked here before it is sent. Marked and not settled means unconfirmed.
create table batch (
  run_id bigint not null references run on delete cascade,
  first_ordinal bigint not null,
  last_ordinal bigint not null,
  attempt integer not null,
  marked_at timestamptz not null default now(),
  settled_at timestamptz,
  -- The lines of the batch, which need not be neighbors. Null: first_ordinal to last_ordinal.
  ordinals bigint[],
  primary key (run_id, first_ordinal, attempt)
);

-- Outcomes. Rows are only ever added; only the placeholder of a group is replaced by its id.
create table ledger (
  run_id bigint not null,
  ordinal bigint not null,
  attempt integer not null,
  activation_id bigint not null,
  key text collate "C" not null,
  kind text not null,
  reason text not null,
  at timestamptz not null default now(),
  status text not null check (status in ('delivered', 'in-place', 'rejected', 'on-hold', 'unconfirmed')),
  code text,
  message text,
  field text,
  http_status integer,
  request_id text,
  target_id text,
  group_id text collate "C" not null default '',
  -- What it really changed: created, changed, restored, removed, nothing. Null: unknown, or nothing was asked.
  effect text,
  -- The target record or link is managed because of this line. Of the removal of a target record: it was managed.
  managed boolean not null default false,
  -- When it was sent, if that was before this Run (the Run settled an unconfirmed Record).
  since timestamptz,
  -- Values before and after: for the story of a Record, and to undo it.
  before text,
  after text,
  primary key (run_id, ordinal, attempt)
);
create index ledger_by_key on ledger (activation_id, key);
-- Records of a Run with one status, in the order of its Plan; and those with a code, which delivered Records do not have.
create index ledger_by_status on ledger (run_id, status, ordinal);
create index ledger_by_code on ledger (run_id, code, ordinal) where code is not null;
create index ledger_unsettled on ledger (run_id, key, group_id) include (code) where status in ('rejected', 'unconfirmed');
create index ledger_by_target on ledger (target_id, run_id) where target_id is not null;

-- Rows that could not become Records: the first ones of each kind. The counts on the run are complete.
create table invalid_row (
  run_id bigint not null references run on delete cascade,
  number integer not null,
  row_number bigint,
  key text,
  code text not null,
  column_name text not null,
  message text not null,
  primary key (run_id, number)
);

-- Requests and answers of some failed Records of a Run: a few for each reason. Texts are cut; the sizes, in bytes, are of the whole text.
create table exchange (
  run_id bigint not null references run on delete cascade,
  ordinal bigint not null,
  key text collate "C" not null,
  status text not null,
  code text not null,
  at timestamptz not null default now(),
  method text not null,
  path text not null,
  request text,
  request_size integer not null,
  http_status integer,
  answer text,
  answer_size integer not null,
  request_id text,
  -- Why there is no answer, or none that settles anything.
  trouble text,
  primary key (run_id, ordinal)
);

-- Results of reading back what was delivered.
create table verification (
  id bigint generated always as identity primary key,
  activation_id bigint not null references activation on delete cascade,
  -- The Run whose writes were read back. Null: all that is synced.
  run_id bigint,
  at timestamptz not null default now(),
  confirmed bigint not null,
  pending bigint not null,
  missing bigint not null
);
create index verification_by_activation on verification (activation_id, id desc);

-- Records that a direct read found changed since we wrote them. A row is valid as long as the Snapshot row has the same run_id:
-- any later settlement outdates it.
create table drift (
  activation_id bigint not null references activation on delete cascade,
  key text collate "C" not null,
  group_id text collate "C" not null default '',
  run_id bigint not null,
  -- A link removed or added again, the target record gone, or Fields changed.
  what text not null constraint drift_what_check check (what in ('taken off', 'put back', 'gone', 'changed')),
  -- Names of the Fields that changed.
  fields text[] not null default '{}',
  -- What is missing was managed. Otherwise it was there before us.
  managed boolean not null,
  seen_at timestamptz not null default now(),
  primary key (activation_id, key, group_id)
);

-- Connections and Activations saved on the server, as they would be written in tailrace.yaml, keys in their order. Where a secret
-- was entered, `body` holds {"secret": "set"}, and `sealed` holds the encrypted secret by its JSON pointer.
create table project_entry (
  section text not null check (section in ('warehouses', 'targets', 'activations')),
  name text collate "C" not null,
  body json not null,
  sealed jsonb not null default '{}',
  -- Changes with every edit and is never used twice, not even after the entry was deleted and created again.
  revision bigint not null default nextval('project_revision'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Activations: no scheduled Runs.
  paused boolean not null default false,
  -- Connections: when it was last tested. Null: never.
  health_at timestamptz,
  -- Result of that test. Null: no trouble.
  trouble jsonb,
  -- Targets: id of the account when it was last reached.
  account text,
  primary key (section, name)
);
create index project_entry_warehouse on project_entry ((body ->> 'warehouse')) where section = 'activations';
create index project_entry_target on project_entry ((body ->> 'target')) where section = 'activations';

-- Earlier versions of entries, without secrets: to show an editor of an old version what changed in the meantime.
create table project_entry_past (
  revision bigint primary key,
  section text not null,
  name text collate "C" not null,
  body json not null,
  replaced_at timestamptz not null default now()
);
create index project_entry_past_by_name on project_entry_past (section, name, revision);

-- Answers to requests that create something, so that a repeated request does not create it twice. Kept for a day.
create table idempotency (
  key text primary key,
  -- Keyed digest of the request: the same key for another request is an error.
  request text not null,
  asked_at timestamptz not null default now(),
  -- Null while the first request is being answered.
  status integer,
  reply json
);

-- The tables below matter for seconds or minutes only. They are unlogged: they need no WAL, and a crash of the server empties them.

-- What a Run that was deferred during planning had read of the Target, so that the next Run need not read it again.
create unlogged table kept_read (
  activation_id bigint not null,
  source text not null,
  value text collate "C" not null,
  -- JSON as it was read. Null: nothing was found.
  answer text,
  at timestamptz not null,
  primary key (activation_id, source, value)
);

-- What is left of the rate limit of each account, and which process has how much of it (src/http/limits/rate-share.ts).
create unlogged table rate_budget (
  account text primary key,
  ledger jsonb,
  -- Increases with every change: a process replaces the ledger only if it is still of the version that it read.
  version bigint not null default 0
) with (fillfactor = 20);

-- Requests for a share of a rate limit. No process may hold a lock on a rate budget across a round trip: it could be frozen or cut
-- off, and all others would wait. So a request is written here, and the next process answers all that are waiting.
create unlogged table rate_ask (
  account text not null,
  holder text not null,
  -- Counts the requests of this holder.
  seq bigint not null,
  ask jsonb not null,
  asked_at timestamptz not null,
  primary key (account, holder)
) with (fillfactor = 50);

-- Processes that use this database, with their heartbeat. Times are of the database's clock.
create unlogged table process (
  -- application_name of all its connections; unique.
  tag text primary key,
  -- For people: host:pid.
  name text not null,
  kind text not null check (kind in ('server', 'worker', 'command')),
  version text not null,
  -- Runs at a time. 0: it takes none from the queue.
  concurrency integer not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- Which process holds the lock of which Activation, with its heartbeat.
create unlogged table activation_hold (
  activation_id bigint primary key,
  -- application_name of the session that holds the advisory lock: the tag of its process, if that is listed.
  process text not null,
  -- Process ids are reused: the two together name one session.
  backend_pid integer not null,
  backend_start timestamptz not null,
  since timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- Whether a live process holds the Activation: a session has its advisory lock, and the heartbeat continues (src/store/runs/lock-holder.ts).
create function is_held(activation bigint) returns boolean language sql volatile as $$
  select exists (
    select from pg_locks l left join activation_hold h on h.activation_id = activation and h.backend_pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = 7411001::oid and l.objid = activation::oid
      and l.database = (select oid from pg_database where datname = current_database())
      and coalesce(h.seen_at > clock_timestamp() - interval '10 seconds', true)
  )
$$;

-- Status of a Run: one that has not ended and that no live process holds is interrupted.
create function run_status(status text, activation bigint, finished timestamptz) returns text language sql volatile as $$
  select case when finished is not null or is_held(activation) then status else 'interrupted' end
$$;
