-- Figures over very many Records, without a look at each.

-- Of `held`: how many Records the Activation itself brought there. Null in Runs of older versions.
alter table run add column held_ours bigint;

-- What stands failed, and why, from the indexes alone.
drop index snapshot_standing;
create index snapshot_standing on snapshot (activation_id, key) include (state, run_id) where present and state <> 'holds';
create index ledger_unsettled on ledger (run_id, key) include (code) where status in ('rejected', 'uncertain');
