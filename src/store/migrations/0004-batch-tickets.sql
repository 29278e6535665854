-- What a Target needs to find the job that works on a batch. With a ticket, a batch that is marked and not settled is collected
-- by asking the Target for the job's results. Without one, it is settled by reading.
alter table batch add column ticket text;
create index batch_at_work on batch (run_id) where ticket is not null and settled_at is null;
