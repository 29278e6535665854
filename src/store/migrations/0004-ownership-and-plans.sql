-- Plans that differ by Record, and whose each membership is.

-- Ids of the members on this thing that we put there and nobody has touched since, as far as we know. What an older version wrote
-- is taken as theirs: better a tag too many than a person's tag lost.
alter table snapshot add column ours text[] not null default '{}';
-- What the Record asked for when it was last settled, where that differs by Record (tags from a column); else null.
alter table snapshot add column wants uuid;
-- For a Record in doubt: from when to when what is in doubt may have been applied.
alter table snapshot add column doubt_from timestamptz;
alter table snapshot add column doubt_to timestamptz;

-- What is put on or taken off. Kind 'keep' asks nothing of the Target: it is as wanted already, or not ours to touch.
alter table operation add column members text[] not null default '{}';
alter table operation add column wants uuid;
-- For a Record in doubt, copied from the Snapshot: unix milliseconds.
alter table operation add column doubt_from double precision;
alter table operation add column doubt_to double precision;
-- Why a 'keep' keeps.
alter table operation add column note text;
-- Operations of the same Record in this Run: it is settled when all of them are.
alter table operation add column parts smallint not null default 1;

-- The Operations of a batch need not be neighbours.
alter table batch add column ordinals bigint[];

-- What this really changed, so that it can be taken back.
alter table ledger add column members text[];

alter table run add column purpose text not null default 'run';
-- Guardrails that were let through by hand, and the Run that this one takes back.
alter table run add column allowed jsonb not null default '[]';
alter table run add column undoes bigint references run;
