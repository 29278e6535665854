-- Lines of the batch that were handed to the job, in the order of the call. The others were settled by reading before it.
alter table batch add column handed bigint[];
