-- What was asked and answered for some of a Run's failed Records: a few of each reason, so that it stays small whatever fails.
-- Texts are cut; the sizes, in bytes, are of the whole.
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
