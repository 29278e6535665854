-- Each Run ends by counting the failures that still stand: few among many, which must not cost a look at all that is held.
create index snapshot_standing on snapshot (activation_id) where present and state <> 'holds';
