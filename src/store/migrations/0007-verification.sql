-- What was read back, and what people changed since we wrote it.

create table verification (
  id bigint generated always as identity primary key,
  activation_id bigint not null references activation on delete cascade,
  -- The Run whose writes were read back; null: all that the Activation holds.
  run_id bigint,
  at timestamptz not null default now(),
  confirmed bigint not null,
  pending bigint not null,
  missing bigint not null
);
create index verification_by_activation on verification (activation_id, id desc);

-- Records that a direct read did not find as we left them. A line stands as long as the Snapshot still speaks of the same Run's work
-- (their run_id is the same): whatever is settled later outdates it.
create table drift (
  activation_id bigint not null references activation on delete cascade,
  key text collate "C" not null,
  run_id bigint not null,
  -- Taken off or put back by hand; or the thing itself is gone.
  what text not null check (what in ('taken off', 'put back', 'gone')),
  members text[] not null,
  -- Whether what is missing was ours; else it was there before us.
  ours boolean not null,
  seen_at timestamptz not null default now(),
  primary key (activation_id, key)
);
