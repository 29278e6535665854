-- Several Activations on one account: who wants what, and what was written by whom.

-- Ids of the members that the Record asked for when it was last settled; null: those that the Activation itself names.
alter table snapshot add column wanted text[];
alter table operation add column wanted text[];
-- Some of what is ours stays on, since others still want it: the Record is asked again at each Run.
alter table operation add column waits boolean not null default false;
-- What was asked for, where that is not what was really changed.
alter table ledger add column asked text[];

-- By the target record's own id, whatever identifier it went by.
create index snapshot_by_target on snapshot (target_id, activation_id) where target_id is not null;
create index ledger_by_target on ledger (target_id, run_id) where target_id is not null;

-- The Target's clock minus this database's, in milliseconds, as that Run saw it; null where the Target did not tell.
alter table run add column clock_ahead_ms integer;

-- Fingerprints of Fields are longer from here on: those of before are read anew from the Target by the next Run.
update snapshot set prints = null, wants = null where prints is not null;
