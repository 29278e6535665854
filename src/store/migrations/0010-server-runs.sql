-- Lists of Runs and of their Records, at any size.

-- How the Records of an ended Run fared: [{status, code, count}], the most frequent first. Null while it goes on, and in Runs of older versions.
alter table run add column outcome_groups jsonb;

-- A Run's Records of one status, in the order of its Plan; and those with a code, which the delivered ones do not have.
create index ledger_by_status on ledger (run_id, status, ordinal);
create index ledger_by_code on ledger (run_id, code, ordinal) where code is not null;
drop index ledger_failures;

-- Runs by age, for the upkeep that deletes old ones.
create index run_by_start on run (started_at);
-- When the upkeep last looked at an old Run of which something had to stay.
alter table run add column pruned_at timestamptz;

create index run_by_undoes on run (undoes) where undoes is not null;
-- Failures that stand, one page after the other.
drop index snapshot_standing;
create index snapshot_standing on snapshot (activation_id, key) where present and state <> 'holds';
