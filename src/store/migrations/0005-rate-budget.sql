-- What is left of each Target account's rate limit, and who holds how much of it: src/sync/rate-share.ts says what the ledger means.
-- It matters for seconds only, so it is not logged: after a crash of the server it is empty, and is learned anew.
create unlogged table rate_budget (
  account text primary key,
  ledger jsonb
) with (fillfactor = 20);
