import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { Fault, type WarehouseSession } from '../../connect/index.ts'
import { testDatabase, type TestDatabase } from '../../testing/harness/test-database.ts'
import { warehouseKit, type ValueKind } from '../../testing/warehouse-kit/warehouse-kit.ts'
import { warehouse } from './index.ts'

const silent = { debug() {}, info() {}, warn() {} }

/** A role in its own database, so that several test processes can share a server. */
async function withRole(database: TestDatabase, grants: string) {
  const secret = `canary-${randomBytes(6).toString('hex')}`
  const role = `reader_${randomBytes(6).toString('hex')}`
  await database.pool.query(`create role ${role} login password '${secret}'`)
  await database.pool.query(grants.replaceAll('$role', role))
  const url = new URL(database.url)
  return {
    role,
    secret,
    config: {
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: role,
      password: secret,
      ssl: 'disable',
    },
    async drop() {
      await database.pool.query(`drop owned by ${role}`)
      await database.pool.query(`drop role ${role}`)
    },
  }
}

const typeOf: Readonly<Record<ValueKind, string>> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'decimal(38, 4)',
  float: 'double precision',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  zoned: 'timestamptz',
  uuid: 'uuid',
  json: 'json',
  interval: 'interval',
}

const schema = `
  create table public.kit_state (a int); insert into public.kit_state values (1); create sequence public.kit_numbers;
  create function public.kit_writes() returns int language sql volatile as $$ insert into public.kit_state values (9) returning a $$;`

warehouseKit('postgres', async () => {
  const database = await testDatabase()
  await database.pool.query(schema)
  // The role may write, so only the read-only transaction prevents writes.
  const reader = await withRole(
    database,
    'grant all on all tables in schema public to $role; grant all on all sequences in schema public to $role; grant create on schema public to $role',
  )
  const { config, role } = reader
  const bare = await withRole(database, 'select')
  return {
    spec: warehouse,
    config,
    baseDir: process.cwd(),
    secrets: [reader.secret, 'wrong-canary'],
    sql: {
      rows: (count) =>
        `select g::text as id, 'label ' || g as label from generate_series(0, ${count - 1}) g order by g`,
      as: (text, kind) => `cast(${text} as ${typeOf[kind]})`,
      repeat: (text, times) => `repeat(${text}, ${times})`,
      own: [
        [String.raw`'\x00ff'::bytea`, 'binary', '\\x00ff'],
        [`'{"b": 1.10,  "a": null}'::json`, 'json', '{"b": 1.10,  "a": null}'],
        ['cast(1 as decimal(10, 2))', 'decimal', '1.00'],
        [`timestamptz 'infinity'`, 'timestamp', 'infinity'],
        [`date '-infinity'`, 'date', '-infinity'],
        [`date '12024-02-29'`, 'date', '12024-02-29'],
        [`date '0044-03-15 BC'`, 'date', '0044-03-15 BC'],
        [`timestamptz '0044-03-15 00:00:00+00 BC'`, 'timestamp', '0044-03-15T00:00:00+00:00 BC'],
      ],
      names: ['First One', 'c"c', 'd`d', "e'e", 'f\\f', 'Grüße 😀', 'select'],
      noNumbers: [
        `'nan'::float8`,
        `'infinity'::real`,
        `'-infinity'::numeric`,
        `array['nan'::float8, 1.5]`,
        `array['infinity'::numeric]`,
        `array[array['-infinity'::real]]`,
      ],
      structures: [
        [`array['b', null, 'a']`, '["b",null,"a"]', ['a', 'b']],
        [`'{}'::text[]`, '[]', []],
        [`'[0:1]={a,b}'::text[]`, '["a","b"]', ['a', 'b']],
        [`'[-1:0]={7,9007199254740993}'::bigint[]`, '[7,9007199254740993]', ['7', '9007199254740993']],
        [`array[1.50]`, '[1.50]', ['1.50']],
        [`'{{a}}'::text[]`, '[["a"]]', null],
        [`'[1:1][0:1]={{a,b}}'::text[]`, '[["a","b"]]', null],
        [`row(1, 'x')`, '{"f1":1,"f2":"x"}', null],
        [`'{"plan": "gold"}'::jsonb`, '{"plan":"gold"}', null],
        [`array[row(1)]`, '[{"f1":1}]', null],
        [`array['{"a":1}'::jsonb]`, '[{"a":1}]', null],
        [`array[true]`, '[true]', null],
        [`array[1.5::float8]`, '[1.5]', null],
      ],
      forms: [`select a from (values ('x')) as v (a)`, `select column1 as a from (values ('x')) v`],
      parameters: ['select $1 as a'],
      syntaxError: ['select 1 as a\nfrom ', 'from'],
      failsWhenRead: 'select 1 / (g - g) as x from generate_series(1, 3) g',
      endless: 'select count(*) as n from generate_series(1, 1000000000000) g',
      writes: [
        'insert into kit_state values (2)',
        'update kit_state set a = 3',
        'delete from kit_state',
        'truncate kit_state',
        'drop table kit_state',
        'merge into kit_state using (select 1 as b) s on a = b when matched then delete',
        'create table other (a int)',
        'alter table kit_state add column b int',
        'select a into other from kit_state',
        'select a from kit_state for update',
        'with gone as (delete from kit_state returning a) select a from gone',
        'with made as (insert into kit_state values (2) returning a) select a from made',
        `select nextval('kit_numbers') as a`,
        `select setval('kit_numbers', 77) as a`,
        'select kit_writes() as a',
        'do $$ begin insert into kit_state values (2); end $$',
        'call nothing()',
        `copy kit_state from program 'echo 1'`,
        'commit',
        'rollback; drop table kit_state',
        'begin',
        `set session characteristics as transaction read write`,
        'lock table kit_state',
        'select 1 as a; drop table kit_state',
        'explain analyze delete from kit_state',
        'grant all on kit_state to public',
        'vacuum kit_state',
        `prepare p as delete from kit_state`,
        '/* select */ delete from kit_state returning a',
      ],
    },
    unprivileged: {
      config: bare.config,
      grant: async (sql) => void (await database.pool.query(sql)),
    },
    async state() {
      const {
        rows: [state],
      } = await database.pool.query(`
        select (select array_agg(a) from public.kit_state) as rows, (select last_value from public.kit_numbers) as number,
               (select array_agg(relname || relnatts order by relname) from pg_class where relnamespace = 'public'::regnamespace) as relations`)
      return state
    },
    async isBusy() {
      const { rowCount } = await database.pool.query('select 1 from pg_stat_activity where usename = $1', [role])
      return rowCount !== 0
    },
    broken: [
      {
        name: 'wrong password',
        config: { ...config, password: 'wrong-canary' },
        kind: 'auth',
        code: 'bad-credentials',
      },
      { name: 'no password', config: { ...config, password: '' }, kind: 'auth', code: 'bad-credentials' },
      {
        name: 'unknown database',
        config: { ...config, database: 'no_such_database' },
        kind: 'config',
        code: 'database-not-found',
      },
      { name: 'nothing listens', config: { ...config, port: 1 }, kind: 'transient', code: 'warehouse-unreachable' },
      {
        name: 'unknown host',
        config: { ...config, host: 'no-such-host.invalid' },
        kind: 'transient',
        code: 'warehouse-unreachable',
      },
      { name: 'no TLS there', config: { ...config, ssl: 'require' }, kind: 'auth', code: 'tls-not-supported' },
      { name: 'not a URL', config: { url: 'postgres://me:wrong-canary@[::1' }, kind: 'config', code: 'bad-url' },
      {
        name: 'bad escape',
        config: { url: 'postgres://me:wrong-canary%@127.0.0.1/db' },
        kind: 'config',
        code: 'bad-url',
      },
      {
        name: 'unknown parameter',
        config: { url: 'postgres://me:wrong-canary@127.0.0.1/db?sslmood=require' },
        kind: 'config',
        code: 'bad-url',
      },
      {
        name: 'no such CA file',
        config: { ...config, ssl: 'verify-full', sslRootCert: 'nowhere.pem' },
        kind: 'config',
        code: 'certificate-not-found',
      },
    ],
    async teardown() {
      await reader.drop()
      await bare.drop()
      await database.close()
    },
  }
})

describe('postgres', () => {
  let database: TestDatabase
  before(async () => {
    database = await testDatabase()
    await database.pool.query(schema)
  })
  after(() => database.close())

  const opened = async <T>(config: unknown, use: (session: WarehouseSession) => Promise<T>) => {
    const session = await warehouse.open(warehouse.config.parse(config), { baseDir: process.cwd(), log: silent })
    try {
      return await use(session)
    } finally {
      await session.close()
    }
  }
  const rows = async (session: WarehouseSession, sql: string, columns: readonly string[]) => {
    const all = []
    for await (const page of session.read(sql, { columns, pageSize: 100, signal: new AbortController().signal }))
      all.push(...page)
    return all
  }
  const faultOf = async (work: Promise<unknown>) => {
    const fault: unknown = await work.catch((error: unknown) => error)
    assert.ok(Fault.is(fault), String(fault))
    return fault
  }

  test('connects by URL, and says when the role may write', async () => {
    const writer = await withRole(database, 'grant insert on public.kit_state to $role')
    const reader = await withRole(database, 'grant select on public.kit_state to $role')
    const { host, port, database: name } = reader.config
    await opened(
      {
        url: `postgresql://${reader.role}:${reader.secret}@${host}:${port}/${name}?sslmode=disable&application_name=x`,
      },
      async (session) => {
        const { product, rights, notices } = await session.check()
        assert.equal(product, 'PostgreSQL')
        assert.deepEqual(notices, [])
        // The sequence is no table, and the control database has its tables in a schema of its own.
        assert.match(rights[0]?.name ?? '', /^Read tables and views \(1 of \d+\)$/)
        assert.equal(rights[0]?.granted, true)
        assert.match(rights[0]?.grant ?? '', /^grant usage on schema "tailrace" to "reader_\w+"; grant select on all/)
        assert.deepEqual(await rows(session, 'select a from public.kit_state', ['a']), [['1']])
        const fault = await faultOf(session.columns(`select * from public.kit_numbers`))
        assert.deepEqual([fault.kind, fault.code], ['auth', 'permission-denied'])
      },
    )
    await opened(writer.config, async (session) =>
      assert.match(
        (await session.check()).notices.map(({ words }) => words).join(),
        /can also write to 1 table, such as public\.kit_state/,
      ),
    )
    await opened({ url: database.url }, async (session) =>
      assert.match((await session.check()).notices.map(({ words }) => words).join(), /superuser/),
    )
    await reader.drop()
    await writer.drop()
  })

  test('stops a query at its timeout', () =>
    opened({ url: database.url, statementTimeout: '50ms' }, async (session) => {
      const fault = await faultOf(rows(session, 'select pg_sleep(60)::text as a', ['a']))
      assert.deepEqual([fault.kind, fault.code], ['config', 'query-timeout'])
      assert.match(fault.advice ?? '', /statementTimeout/)
    }))

  test('tells a broken connection from a broken query', () =>
    opened({ url: database.url }, async (session) => {
      const reading = faultOf(rows(session, `select 'tailrace test ends this' as a, pg_sleep(60)`, ['a', 'pg_sleep']))
      const ended = async () =>
        (
          await database.pool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where query like '%tailrace test ends this%' and pid <> pg_backend_pid() and state = 'active'`,
          )
        ).rowCount
      while ((await ended()) === 0);
      assert.equal((await reading).kind, 'transient')
    }))

  test('knows enums, domains, arrays and odd types by their kind', async () => {
    await database.pool.query(`create type public.mood as enum ('ok'); create domain public.email as varchar(80)`)
    await opened({ url: database.url }, async (session) => {
      const sql = `select 'ok'::public.mood as mood, 'a@b'::public.email as email, array[1, null] as list, '{"a": 1}'::jsonb as doc,
        interval '1 year 2 hours' as length, 'x'::char(3) as padded, 1.50::numeric as free, '127.0.0.1'::inet as address, 1e300::float8 as big`
      const columns = await session.columns(sql)
      assert.deepEqual(
        columns.map((column) => column.type),
        ['text', 'text', 'array', 'json', 'interval', 'text', 'decimal', 'other', 'float'],
      )
      assert.deepEqual(columns.map((column) => column.nativeType).slice(0, 3), [
        'mood',
        'character varying(80)',
        'integer[]',
      ])
      assert.deepEqual(
        await rows(
          session,
          sql,
          columns.map((column) => column.name),
        ),
        [['ok', 'a@b', '[1,null]', '{"a": 1}', 'P1YT2H', 'x  ', '1.50', '127.0.0.1', '1e+300']],
      )
    })
  })

  test('takes a semicolon or a parenthesis inside strings, names and comments for text', () =>
    opened({ url: database.url }, async (session) => {
      const sql = `/* ; /* ) */ ; */ select ';' as a, $$;)$$ as b, $x$;$$)$x$ as c, E'\\';)' as d, ";)" from (select 1 as ";)") x -- ;)\n;\n; -- end`
      assert.deepEqual(await rows(session, sql, ['a', 'b', 'c', 'd', ';)']), [[';', ';)', ';$$)', `';)`, '1']])
      for (const unfinished of [`select 'a`, 'select 1 /* a', 'select $$a', 'select "a', 'select (1']) {
        const fault = await faultOf(session.columns(unfinished))
        assert.equal(fault.code, 'query-failed')
        assert.doesNotMatch(fault.message, /tailrace_query/)
      }
    }))

  test('leaves no trace of a query that reads with side effects', () =>
    opened({ url: database.url }, async (session) => {
      const listener = new pg.Client(database.url)
      await listener.connect()
      try {
        let heard = 0
        listener.on('notification', () => (heard += 1))
        await listener.query('listen kit_channel')
        await rows(session, `select pg_notify('kit_channel', 'x')::text as a`, ['a'])
        await listener.query(`notify kit_channel`)
        assert.equal(heard, 1)
      } finally {
        await listener.end()
      }
    }))
})
