-- Nobody may hold a lock on a rate budget while it talks to the database: it could be frozen, or cut off, and all others would wait.
-- So an ask for requests is put down here, and whoever comes next answers all that wait, by replacing the ledger if it is still of the
-- version that was read: src/store/rate-budget.ts. It matters for seconds only, like rate_budget.
alter table rate_budget add column version bigint not null default 0;

create unlogged table rate_ask (
  account text not null,
  holder text not null,
  -- The holder's own count of its asks.
  seq bigint not null,
  ask jsonb not null,
  asked_at timestamptz not null,
  primary key (account, holder)
) with (fillfactor = 50);
