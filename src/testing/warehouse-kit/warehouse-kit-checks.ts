import assert from 'node:assert/strict'
import { cellChecks } from './warehouse-kit-cells.ts'
import { endChecks } from './warehouse-kit-ends.ts'
import { valueChecks } from './warehouse-kit-values.ts'
import { eventually, type Opened } from './warehouse-under-test.ts'

/** What every warehouse must do, by name. A check throws when the warehouse does not. */
export const warehouseChecks = {
  'tells its product, its version, and each right with what grants it': async ({
    session,
    under,
    open,
    text,
    select,
  }) => {
    const { product, version, rights } = await session.check()
    assert.notEqual(product, '')
    assert.match(version, /\d/)
    assert.ok(
      rights.length > 0 && rights.every(({ name, granted }) => name !== '' && granted === true),
      'the user may read',
    )
    if (under.unprivileged === undefined) return
    const { config, grant } = under.unprivileged
    const bare = await open(config)
    try {
      const missing = (await bare.check()).rights.filter(({ granted }) => granted !== true)
      assert.ok(missing.length > 0, 'a right is missing, and check does not say so')
      for (const right of missing) await grant(right.grant ?? '')
      assert.deepEqual(
        (await bare.check()).rights.filter(({ granted }) => granted !== true),
        [],
      )
      assert.equal((await bare.columns(select({ a: text('x') }))).length, 1)
    } finally {
      await bare.close()
    }
  },

  'cuts pages to size, in order': async (opened) => {
    const pages = await opened.pages(opened.under.sql.rows(6001), ['id'], 3000)
    assert.deepEqual(
      pages.map((page) => page.length),
      [3000, 3000, 1],
    )
    assert.deepEqual(
      pages.flat(2),
      Array.from({ length: 6001 }, (_, index) => String(index)),
    )
    assert.deepEqual(
      (await opened.pages(opened.under.sql.rows(4096), ['id'], 2048)).map((page) => page.length),
      [2048, 2048],
    )
  },

  'gives no page for an empty answer': async (opened) => {
    const one = opened.select({ a: opened.text('x') })
    assert.deepEqual(await opened.pages(`select * from (${one}) as q where 1 = 0`, ['a']), [])
  },

  'reads the named columns only, in their order, whatever their names': async (opened) => {
    const { names } = opened.under.sql
    assert.ok(names.length > 1)
    const query = opened.select(Object.fromEntries(names.map((name) => [name, opened.text(`of ${name}`)])))
    assert.deepEqual(await opened.pages(query, [...names].reverse()), [
      [[...names].reverse().map((name) => `of ${name}`)],
    ])
    const fault = await opened.faultOf(() => opened.pages(query, [names[0] ?? '', 'missing']))
    assert.deepEqual([fault.kind, fault.code], ['config', 'column-not-found'])
    assert.match(fault.message, /missing/)
  },

  'takes comments, semicolons, CTEs, parentheses and its own forms': async (opened) => {
    const one = opened.select({ a: opened.text('x') })
    const queries = [
      `-- first\n${one} -- last`,
      `${one};`,
      `${one} ; -- ; last\n ; `,
      `${one} /* ; */`,
      `with c as (${one}) select * from c`,
      `(${one})`,
      ...opened.under.sql.forms,
    ]
    for (const sql of queries) {
      assert.deepEqual(
        (await opened.session.columns(sql)).map((column) => column.name),
        ['a'],
        sql,
      )
      assert.deepEqual(await opened.pages(sql, ['a']), [[['x']]], sql)
    }
    const signs = [';', '--', '/*', ');', '#', '$$', '//']
    const query = opened.select(Object.fromEntries(signs.map((sign, index) => [`s${index}`, opened.text(sign)])))
    assert.deepEqual(
      await opened.pages(
        `${query};`,
        signs.map((_, index) => `s${index}`),
      ),
      [[signs]],
    )
  },

  'describes a query without reading it': async (opened) => {
    const { failsWhenRead, endless } = opened.under.sql
    assert.deepEqual(
      (await opened.session.columns(failsWhenRead)).map((column) => column.name),
      ['x'],
    )
    assert.deepEqual(
      (await opened.session.columns(endless)).map((column) => column.name),
      ['n'],
    )
    const fault = await opened.faultOf(() => opened.pages(failsWhenRead, ['x']))
    assert.deepEqual([fault.kind, fault.code], ['config', 'query-failed'])
  },

  'refuses duplicate output names': async (opened) => {
    const fault = await opened.faultOf(() => opened.session.columns(`select 1 as a, 2 as b, 3 as a`))
    assert.deepEqual([fault.kind, fault.code], ['config', 'duplicate-column'])
    assert.match(fault.message, /"a"/)
    assert.match(fault.advice ?? '', / as /)
  },

  'points at the place of an error, as far as its dialect says': async (opened) => {
    const { text, under } = opened
    const before = `select 1 as a,\n  ${text('😀é')} as b, `
    for (const [start, rest, words] of [
      [before, 'no_such_column', /no_such_column/i],
      [...under.sql.syntaxError, /./],
    ] as const) {
      const fault = await opened.faultOf(() => opened.session.columns(start + rest))
      assert.deepEqual([fault.kind, fault.code], ['config', 'query-failed'])
      assert.match(fault.message, words)
      const lines = start.split('\n')
      const place = { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 }
      const { positions } = under.spec.sql
      if (positions === 'none') assert.equal(fault.at, undefined)
      else if (positions === 'line') assert.equal(fault.at?.line, place.line)
      else assert.deepEqual(fault.at, place)
    }
    for (const sql of ['', ' -- nothing\n', ';']) {
      assert.equal((await opened.faultOf(() => opened.session.columns(sql))).code, 'query-failed')
    }
  },

  'refuses whatever writes': async (opened) => {
    const before = await opened.under.state()
    for (const sql of opened.under.sql.writes) {
      const fault = await opened.faultOf(async () => {
        const names = (await opened.session.columns(sql)).map((column) => column.name)
        await opened.pages(sql, names)
      })
      assert.deepEqual([fault.kind, fault.code], ['config', 'query-not-read-only'], `${sql}: ${fault.message}`)
      // A read without a preceding description must fail, too.
      await opened.faultOf(() => opened.pages(sql, ['a']))
    }
    const one = opened.select({ a: opened.text('x') })
    for (const sql of [
      `${one}) as q; drop table kit_state; --`,
      `${one}) as q cross join (${opened.select({ b: opened.text('y') })}`,
      ...opened.under.sql.parameters,
    ]) {
      assert.equal((await opened.faultOf(() => opened.session.columns(sql))).kind, 'config', sql)
      assert.equal((await opened.faultOf(() => opened.pages(sql, ['a']))).kind, 'config', sql)
    }
    assert.deepEqual(await opened.under.state(), before)
  },

  'answers questions while a read is under way': async (opened) => {
    let count = 0
    for await (const page of opened.session.read(opened.under.sql.rows(30_000), {
      columns: ['id'],
      pageSize: 10_000,
      signal: new AbortController().signal,
    })) {
      count += page.length
      const one = opened.select({ a: opened.text('x') })
      assert.equal((await opened.session.columns(one)).length, 1)
      assert.deepEqual(await opened.pages(one, ['a']), [[['x']]])
    }
    assert.equal(count, 30_000)
  },

  'stops in the warehouse when aborted, or left': async (opened) => {
    const session = await opened.open(opened.under.config)
    const before = AbortSignal.abort()
    assert.equal(
      (
        await opened.faultOf(() =>
          firstPage(session.read(opened.under.sql.rows(1), { columns: ['id'], pageSize: 1, signal: before })),
        )
      ).kind,
      'cancelled',
    )

    const during = new AbortController()
    const stuck = opened.faultOf(() =>
      firstPage(session.read(opened.under.sql.endless, { columns: ['n'], pageSize: 10, signal: during.signal })),
    )
    await eventually('the query runs', () => opened.under.isBusy())
    during.abort()
    assert.equal((await stuck).kind, 'cancelled')

    const between = new AbortController()
    const rest = opened.faultOf(async () => {
      for await (const page of session.read(opened.under.sql.rows(1_000_000), {
        columns: ['id'],
        pageSize: 1000,
        signal: between.signal,
      })) {
        assert.equal(page.length, 1000)
        between.abort()
      }
    })
    assert.equal((await rest).kind, 'cancelled')

    await firstPage(
      session.read(opened.under.sql.rows(1_000_000), {
        columns: ['id'],
        pageSize: 1000,
        signal: new AbortController().signal,
      }),
    )
    await session.close()
    await eventually('the warehouse does nothing more for us', async () => !(await opened.under.isBusy()))
  },

  'reads a million rows with flat memory': async (opened) => {
    const signal = new AbortController().signal
    let [count, settled, peak] = [0, 0, 0]
    for await (const page of opened.session.read(opened.under.sql.rows(1_000_000), {
      columns: ['id', 'label'],
      pageSize: 10_000,
      signal,
    })) {
      count += page.length
      const used = process.memoryUsage.rss()
      if (count <= 200_000) settled = Math.max(settled, used)
      peak = Math.max(peak, used)
    }
    assert.equal(count, 1_000_000)
    assert.ok(
      peak - settled < 150e6,
      `memory grew by ${Math.round((peak - settled) / 1e6)} MB from the 200,000th row on`,
    )
  },

  'says what is wrong with a connection': async (opened) => {
    for (const { name, config, kind, code } of opened.under.broken) {
      const fault = await opened.faultOf(() => opened.open(config))
      assert.deepEqual([fault.kind, fault.code], [kind, code], `${name}: ${fault.message}`)
    }
  },
  ...valueChecks,
  ...cellChecks,
  ...endChecks,
} satisfies Record<string, (opened: Opened) => Promise<void>>

async function firstPage(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages) return
}
