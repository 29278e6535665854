-- Its row was away and is back, and nothing was settled of it since: the next Run looks at it, whatever became of this one.
alter table snapshot add column returned boolean not null default false;
