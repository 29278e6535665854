-- The server: what people saved in it, in place of a tailrace.yaml.

create sequence project_revision;

-- Connections and Activations, each as a person would write it in tailrace.yaml, keys in their order. Where a secret was typed in,
-- `body` holds {"secret": "set"}, and `sealed` the secret itself, encrypted, by its JSON pointer.
create table project_entry (
  section text not null check (section in ('warehouses', 'targets', 'activations')),
  name text collate "C" not null,
  body json not null,
  sealed jsonb not null default '{}',
  -- Another one with every change; never the same again, also not after the entry was deleted and made anew.
  revision bigint not null default nextval('project_revision'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Activations: no scheduled Runs.
  paused boolean not null default false,
  -- Connections: how it was when it was last tried. Null: it never was.
  health_at timestamptz,
  -- Null: all is well.
  trouble jsonb,
  -- Targets: the account's id at the vendor, as it was when it was last reached.
  account text,
  primary key (section, name)
);
create index project_entry_warehouse on project_entry ((body ->> 'warehouse')) where section = 'activations';
create index project_entry_target on project_entry ((body ->> 'target')) where section = 'activations';

-- What entries were before they were changed, without secrets: so that whoever edits an older state is told what changed meanwhile.
create table project_entry_past (
  revision bigint primary key,
  section text not null,
  name text collate "C" not null,
  body json not null,
  replaced_at timestamptz not null default now()
);
create index project_entry_past_by_name on project_entry_past (section, name, revision);

-- Answers to requests that create something, so that a repeated one does not create it twice. Kept for a day.
create table idempotency (
  key text primary key,
  -- Keyed digest of the request: the same key for another request is a mistake.
  request text not null,
  asked_at timestamptz not null default now(),
  -- Null while the first one is under way.
  status integer,
  reply json
);

-- How the Activation stood when the Run ended: Records held, not loaded and in doubt. Null in Runs of older versions.
alter table run add column held bigint;
alter table run add column not_loaded bigint;
alter table run add column in_doubt bigint;
create index run_by_status on run (status, id desc);
