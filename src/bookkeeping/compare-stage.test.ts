import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Pool } from 'pg'
import { sampleOf } from '../testing/harness/sample-size.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { smallStage, type StagedRecords, type StageRows } from '../store/snapshot/staged-records.ts'
import { compareStage, type StageComparison } from './compare-stage.ts'
import type { DifferenceCount, StagedDifference } from './differences.ts'
import { openStage, type Stage } from './stage.ts'
import type { StageShape } from './stage-copy.ts'
import { stagedLinks, stagedNames, stagedWhole } from './staged-records.ts'

interface DrawnRow {
  readonly key: string
  readonly value: string
  readonly identities: string | null
  readonly isAside: boolean
}

interface DrawnEntry {
  readonly key: string
  readonly group: number
  readonly state: 'synced' | 'unconfirmed' | 'rejected'
  readonly managed: 'no' | 'yes'
  readonly present: boolean
  readonly returned: boolean
  readonly value: string | null
}

interface Case {
  readonly shape: StageShape
  readonly groups: readonly string[]
  readonly rows: readonly DrawnRow[]
  readonly entries: readonly DrawnEntry[]
  readonly removesWhatLeft: boolean
  readonly duplicates: 'refuse' | 'first'
}

const groupIds = ['g1', 'g2']
const odd = ['a', 'b', 'back\\slash', 'tab\there', 'line\nbreak', '"quoted", {list}']
const key = fc.constantFrom(...odd)
const value = fc.constantFrom('Red', 'Blue', 'red', 'tab\t\\N')

const caseOf: fc.Arbitrary<Case> = fc.record({
  shape: fc.constantFrom<StageShape>('keys', 'named', 'links'),
  groups: fc.constantFrom(['g1'], ['g1', 'g2']),
  rows: fc.array(
    fc.record({
      key,
      value,
      identities: fc.constantFrom(null, '{"email":"a\\n@b"}', '{"email":"c"}'),
      isAside: fc.nat({ max: 7 }).map((drawn) => drawn === 0),
    }),
    { maxLength: 8 },
  ),
  entries: fc.uniqueArray(
    fc.record({
      key,
      group: fc.nat({ max: 1 }),
      state: fc.constantFrom('synced', 'synced', 'unconfirmed', 'rejected'),
      managed: fc.constantFrom('no', 'yes'),
      present: fc.boolean(),
      returned: fc.boolean(),
      value: fc.option(value),
    }),
    { maxLength: 8, selector: (entry) => `${entry.group}/${entry.key}` },
  ),
  removesWhatLeft: fc.boolean(),
  duplicates: fc.constantFrom('refuse', 'first'),
})

interface Compared {
  readonly counts: readonly DifferenceCount[]
  readonly differences: readonly StagedDifference[]
  readonly comparison: StageComparison
}

test('a small Stage, which shares a table with others, compares as the same rows in a large one', async (t) => {
  const { pool } = await testDatabase(t)
  const others = openStage(pool, 9_999_999, 'keys')
  await others.add(['a', 'of another Run'])
  await others.seal()
  let run = 0
  await fc.assert(
    fc.asyncProperty(caseOf, async (drawn) => {
      const { rows: made } = await pool.query<{ id: number }>(
        `insert into activation (name) values ('case ' || $1) returning id::int as id`,
        [run],
      )
      const activationId = made[0]?.id ?? 0
      await insertEntries(pool, activationId, drawn)
      const small = await compare(pool, activationId, (run += 1), drawn, 0)
      const large = await compare(pool, activationId, (run += 1), drawn, smallStage + 1)
      assert.deepEqual(small, large)
      const left = await pool.query(
        `select from staged_row where run_id <= $1 union all select from pg_tables where tablename ~ '^stage_'`,
        [run],
      )
      assert.equal(left.rowCount, 0, 'rows or tables of a Stage were left behind')
    }),
    { ...sampleOf({ deep: 300, usual: 60 }) },
  )
  const { rows: ofOthers } = await pool.query<{ key: string }>('select key from staged_row order by line')
  assert.deepEqual(
    ofOthers.map((row) => row.key),
    ['a', 'of another Run'],
  )
  await others.drop()
})

async function insertEntries(pool: Pool, activationId: number, { shape, entries }: Case): Promise<void> {
  const seen = new Set<string>()
  for (const entry of entries) {
    const group = shape === 'named' ? '' : (groupIds[entry.group] ?? '')
    if (seen.has(`${group}/${entry.key}`)) continue
    seen.add(`${group}/${entry.key}`)
    const isUnconfirmed = entry.state === 'unconfirmed'
    await pool.query(
      `insert into snapshot (activation_id, key, group_id, state, present, returned, desired, tries, retry_at, run_id, managed, sent_from, sent_to, target_id)
       values ($1, $2, $3, $4, $5, $6, case when $7::text is null then null else md5($7)::uuid end, 1, case when $4 = 'rejected' then now() - interval '1 h' end, 1, $8,
         case when $9 then now() end, case when $9 then now() end, 'id of ' || $2)`,
      [
        activationId,
        entry.key,
        group,
        entry.state,
        entry.present,
        entry.returned,
        shape === 'named' ? entry.value : null,
        entry.managed,
        isUnconfirmed,
      ],
    )
  }
}

/** Compares the rows, and as many others as `more` says, whose differences are left out of the result. */
async function compare(
  pool: Pool,
  activationId: number,
  run: number,
  { shape, groups, rows, removesWhatLeft, duplicates }: Case,
  more: number,
): Promise<Compared> {
  const stage = openStage(pool, run, shape)
  try {
    for (const [at, row] of rows.entries()) await add(stage, shape, row, at + 1)
    for (let at = 0; at < more; at += 1)
      await add(stage, shape, { key: `~${at}`, value: 'Red', identities: null, isAside: false }, rows.length + at + 1)
    const staged = await stagedOf(pool, await stage.seal(), shape, groups)
    let counts: readonly DifferenceCount[] = []
    const differences: StagedDifference[] = []
    const comparison = await compareStage(
      pool,
      { activationId, staged, removesWhatLeft, duplicates, onHoldSince: undefined },
      {
        onCounted: (counted) => {
          counts = counted
          return Promise.resolve()
        },
        onPage: (page) => {
          differences.push(...page.filter((each) => !each.key.startsWith('~')))
          return Promise.resolve()
        },
      },
    )
    return {
      counts: counts
        .map((each) => (each.reason === 'new' && !each.pending ? { ...each, records: each.records - more } : each))
        .filter(({ records }) => records > 0)
        .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
      differences,
      // Rows that nobody else has make a comparison that would be quiet one with differences.
      comparison: { ...comparison, isQuiet: false, records: comparison.records - more },
    }
  } finally {
    await stage.drop()
  }
}

async function add(stage: Stage, shape: StageShape, row: DrawnRow, number: number): Promise<void> {
  if (shape === 'keys') return await stage.add([row.key])
  if (row.isAside) return await stage.setAside([row.key])
  if (shape === 'named') return await stage.addNamed([row.key], [row.value], [row.identities])
  await stage.addLinks([{ key: row.key, name: row.value, identities: row.identities, row: number }])
}

async function stagedOf(
  pool: Pool,
  rows: StageRows,
  shape: StageShape,
  groups: readonly string[],
): Promise<StagedRecords> {
  if (shape === 'keys') return stagedLinks(rows, groups)
  if (shape === 'named') return stagedWhole(rows)
  // Two names of one group.
  return await stagedNames(
    pool,
    rows,
    new Map([
      ['Red', 'g1'],
      ['red', 'g1'],
      ['Blue', 'g2'],
      ['tab\t\\N', 'g2'],
    ]),
  )
}
