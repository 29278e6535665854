-- OAuth tokens of Targets, shared by all workers.
create table oauth_token (
  -- Hash of token URL, client id, grant and subject (of a refresh token: its hash).
  identity text primary key,
  -- Access token, refresh token and what came with them, encrypted. Null: none was granted yet.
  sealed text,
  -- Holds a refresh token that replaced the configured one, so it cannot be asked for again.
  rotated boolean not null default false,
  -- The claim that the sealed token was granted under. Only a later claim replaces it.
  version bigint not null default 0,
  -- Fencing count: the worker with the latest claim asks the vendor for the next token, until `claimed_until`.
  claim bigint not null default 0,
  claimed_by text,
  claimed_until timestamptz,
  -- The previous claim ended without a word of its worker.
  taken_over boolean not null default false,
  -- Why a claim ended without a token: code, message and advice, without secrets.
  failure jsonb,
  failed_claim bigint not null default 0,
  used_at timestamptz not null default now()
);
