-- What people call the target records and groups of a Run's object: {record: {one, many}, group: {one, many} | null}. Kept with the
-- Run, because the object may have changed or be gone when its sentences are read. Null in Runs of older versions.
alter table run add column nouns jsonb;
