-- What it takes to take a Run back.

-- Since when what was settled here may have been applied, where that was before this Run: it settled what was in doubt. Else null.
alter table ledger add column since timestamptz;
-- Of what it takes off, what the thing certainly carried before, where the Target's answer does not tell. Null: the answer tells.
alter table operation add column held text[];
-- For an Operation that takes something back: once it is done, the Snapshot no longer holds it as asked (else: holds it again).
alter table operation add column forgets boolean not null default false;
