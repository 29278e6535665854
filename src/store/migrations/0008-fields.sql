-- Records that have values to set, and identifiers that are not the thing's own id.

-- The thing's own id, where it is known: what an identifier named when it was last asked.
alter table snapshot add column target_id text;
-- What the Record's Fields were when it was last settled: src/sync/prints.ts. Null: it never was.
alter table snapshot add column prints text;

alter table operation add column target_id text;
-- All identifiers of the Record, as JSON [[field, value], ...]; null: its Key is the only one.
alter table operation add column identities text;
-- The values to set, and what these Fields held before where that is known: JSON objects.
alter table operation add column asks text;
alter table operation add column before text;
alter table operation add column prints text;
-- Why it is refused, or held back, before anything is sent.
alter table operation add column code text;
alter table operation add column message text;

-- The same, kept: so that a Record's story tells what it held, and an undo can bring it back.
alter table ledger add column before text;
alter table ledger add column after text;

-- The Activation that took over this one's memory.
alter table activation add column adopted_by bigint references activation on delete set null;
-- Which query field feeds which Field, as it was at the last Run.
alter table run add column mapping jsonb;

-- A Field was given another value by hand; `members` holds the names of such Fields.
alter table drift drop constraint drift_what_check;
alter table drift add constraint drift_what_check check (what in ('taken off', 'put back', 'gone', 'changed'));

-- When what is ours was put there, where that is in the Ledger of another Activation, whose memory was taken over.
alter table snapshot add column ours_from timestamptz;
alter table snapshot add column ours_to timestamptz;
