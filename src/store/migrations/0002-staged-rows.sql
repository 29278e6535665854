-- The rows of small Stages. A table for each of them would cost more than the whole comparison. The rows are deleted with the Run.
create unlogged table staged_row (
  run_id bigint not null,
  -- The row's place in the Stage, from 1.
  line integer not null,
  key text collate "C" not null,
  desired text collate "C",
  identities text,
  aside boolean not null,
  row_number bigint,
  primary key (run_id, line)
);
