-- What was used of a quota must survive a crash of the server: an unlogged table is emptied then.
alter table rate_budget set logged;
