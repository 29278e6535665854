import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeep } from '../../testing/harness/sample-size.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import type { TruthCase } from './cases.fixture.ts'
import { intercomCases, simulatedCases } from './objects.fixture.ts'
import { falseSentences } from './claims.fixture.ts'
import { endings, EndingStage, type Ending } from './endings.fixture.ts'
import { factsOf, surfacesOf } from './surfaces.fixture.ts'

/** Plays an ending of a case. Returns what its surfaces say that is not true, and how many surfaces there are. */
async function held(stage: EndingStage, ending: Ending): Promise<{ surfaces: number; lies: readonly string[] }> {
  const { each, pool } = stage
  const report = await ending.play(stage)
  const { rows } = await pool.query<{ id: number }>(
    'select max(r.id)::int as id from run r join activation a on a.id = r.activation_id where a.name = $1',
    [stage.name],
  )
  const id = report?.run ?? rows[0]?.id
  assert.ok(id, `${stage.name}, ${ending.name}: there is a Run`)
  const facts = await factsOf(pool, id, each, await rowsRead(stage, id))
  const surfaces = await surfacesOf(pool, id, report, each)
  const wrongEnd = ending.ends.includes(facts.status)
    ? []
    : [`${stage.name}, ${ending.name}: ended ${facts.status}, ${report?.fault?.message}`]
  return {
    surfaces: surfaces.length,
    lies: [
      ...wrongEnd,
      ...surfaces
        .flatMap((surface) => falseSentences(surface, facts))
        .map((lie) => `${each.name}, ${ending.name} (Run ${id} ${facts.status}): ${lie}`),
    ],
  }
}

/** The rows that the Warehouse returned. Of a broken read, those before the break; an undo reads none. */
async function rowsRead({ each: { warehouse }, pool }: EndingStage, id: number) {
  const { rows } = await pool.query<{ purpose: string }>('select purpose from run where id = $1', [id])
  if (rows[0]?.purpose === 'undo') return { read: 0, invalid: 0 }
  const read = Math.min(warehouse.breakAfter ?? Infinity, warehouse.rows.length)
  const invalid = warehouse.rows.slice(0, read).filter((row) => {
    const key = Array.isArray(row) ? row[0] : row
    return key === null || key === ''
  }).length
  return { read, invalid }
}

/** `oneOf`: only every third ending of each case, another third for the next case. */
async function holdAll(
  cases: readonly TruthCase[],
  database: Awaited<ReturnType<typeof testDatabase>>,
  title: string,
  oneOf = 1,
) {
  const lies: string[] = []
  let runs = 0
  let sentencesOn = 0
  for (const [caseAt, each] of cases.entries())
    for (const [at, ending] of endings.entries()) {
      if (ending.onlyFor?.(each) === false || (caseAt + at) % oneOf !== 0) continue
      const { surfaces, lies: found } = await held(new EndingStage(each, database, at), ending)
      runs += 1
      sentencesOn += surfaces
      lies.push(...found)
    }
  if (lies.length > 0) assert.fail(`${lies.length} sentences are not true:\n${lies.slice(0, 60).join('\n')}`)
  console.log(
    `${title}: ${cases.length} behaviors of objects × ${endings.length} endings${oneOf === 1 ? '' : `, one of ${oneOf},`} = ${runs} Runs on ${sentencesOn} commands and pages`,
  )
}

test('every command and page tells the truth about each ending of each behavior of the simulated Target', async (t) => {
  await holdAll(simulatedCases(), await testDatabase(t), 'simulated')
})

test('every command and page tells the truth about each ending of each behavior of each Intercom object', async (t) => {
  const { cases, close } = await intercomCases()
  t.after(close)
  await holdAll(cases, await testDatabase(t), 'Intercom', isDeep ? 1 : 3)
})
