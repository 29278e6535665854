-- Plans that the server keeps, so that exactly what was looked at can be run. Their lines stay in `operation`.
-- json, not jsonb: its hash is over the text as it was written.
alter table run add column kept_plan json;
alter table run add column kept_until timestamptz;
create index run_kept on run (kept_until) where kept_until is not null;
