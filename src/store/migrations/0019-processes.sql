-- Which processes work on this database, and which of them holds which Activation, with the heartbeat of each. Times are the database's.
-- Unlogged: a heartbeat every two seconds needs no WAL and waits for no disk; a crash of the server, which empties these tables, ends all sessions as well.

create unlogged table process (
  -- The application_name of all its connections, unique to it.
  tag text primary key,
  -- For people: host:pid.
  name text not null,
  kind text not null check (kind in ('server', 'worker', 'command')),
  version text not null,
  -- Runs at a time; 0: it takes none from the queue.
  concurrency integer not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

create unlogged table activation_hold (
  activation_id bigint primary key,
  -- application_name of the session that holds the advisory lock; the tag of its process, if that is listed.
  process text not null,
  -- A process number may be used again: the two together name one session.
  backend_pid integer not null,
  backend_start timestamptz not null,
  since timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- Whether a process that lives holds the Activation: a session has its advisory lock, and its heartbeat goes on (src/store/holder.ts).
create function is_held(activation bigint) returns boolean language sql volatile as $$
  select exists (
    select from pg_locks l left join activation_hold h on h.activation_id = activation and h.backend_pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = 7411001::oid and l.objid = activation::oid
      and l.database = (select oid from pg_database where datname = current_database())
      and coalesce(h.seen_at > clock_timestamp() - interval '10 seconds', true)
  )
$$;

-- What a Run stands at: one that has not ended, and that no living process holds, is interrupted.
create function run_status(status text, activation bigint, finished timestamptz) returns text language sql volatile as $$
  select case when finished is not null or is_held(activation) then status else 'interrupted' end
$$;

-- Ends of Runs whose process went away have a status of their own.
update run set status = 'interrupted' where status = 'failed' and fault ->> 'code' = 'interrupted';
