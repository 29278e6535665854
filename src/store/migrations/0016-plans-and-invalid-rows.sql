-- Run numbers are spent by Runs alone: a Plan has the next number of its own, far above them.
create sequence plan_number;

-- Rows that could not become Records, all of them, by code and column: [{code, column, count}]. Null in Runs of older versions.
alter table run add column invalid_groups jsonb;

-- What a Run that was put off while it planned had read of the Target: its next Run need not ask again. It holds for minutes only, so it is
-- not logged.
create unlogged table kept_read (
  activation_id bigint not null,
  source text not null,
  value text collate "C" not null,
  -- JSON as it was read; null: nothing was found.
  answer text,
  at timestamptz not null,
  primary key (activation_id, source, value)
);
