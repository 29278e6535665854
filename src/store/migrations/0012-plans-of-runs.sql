-- What a Run planned, so that it can be told at any size, and after its lines are gone.

-- What it asks for and why, with figures: src/store/run-plans.ts. Null before it has planned, and in Runs of older versions.
alter table run add column plan_groups jsonb;
-- A few lines of each group. json, not jsonb: Fields stay in their order. Null once the upkeep has deleted the Run's records.
alter table run add column plan_samples json;
-- Calls that write, as estimated; and which guardrails the Plan ran into.
alter table run add column plan_calls integer;
alter table run add column plan_guards jsonb;
