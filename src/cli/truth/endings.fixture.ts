import type { Pool } from 'pg'
import { stopForServer } from '../../engine/jobs/server-stops.ts'
import type { Ports } from '../../engine/ports.ts'
import { runActivation, type RunOptions } from '../../engine/run.ts'
import type { RunReport } from '../../engine/run-report.ts'
import { settleInterrupted } from '../../engine/settle-interrupted.ts'
import { undoRun } from '../../engine/undo.ts'
import type { RunStatus } from '../../model/run.ts'
import { findActivation } from '../../store/project/activations.ts'
import { findRun } from '../../store/runs/runs.ts'
import { mortalPool } from '../../testing/failures/cut-pools.ts'
import { runAndDie } from '../../testing/failures/run-and-die.ts'
import { quietPorts } from '../../testing/harness/intercom-activation.ts'
import type { TestDatabase } from '../../testing/harness/test-database.ts'
import type { TruthCase } from './cases.fixture.ts'

/** A way a Run can end. */
export interface Ending {
  readonly name: string
  /** The statuses with which it may end. */
  readonly ends: readonly RunStatus[]
  /** Only for behaviors with this property. */
  readonly onlyFor?: (each: TruthCase) => boolean
  /** Plays it. The report is undefined if the process died. */
  play(stage: EndingStage): Promise<RunReport | undefined>
}

export class EndingStage {
  readonly each: TruthCase
  readonly database: TestDatabase
  /** The first row of this ending: each has its own. */
  readonly first: number

  constructor(each: TruthCase, database: TestDatabase, at: number) {
    this.each = each
    this.database = database
    this.first = at * 20
  }

  get pool(): Pool {
    return this.database.pool
  }

  get name(): string {
    return `${this.each.name} ${this.first}`
  }

  get activation(): TruthCase['activation'] {
    return { ...this.each.activation, name: this.name }
  }

  rows(count: number, version = 1): void {
    this.each.warehouse.breakAfter = undefined
    this.each.warehouse.rows = Array.from({ length: count }, (_, at) => this.each.row(this.first + at, version))
    this.each.catchUp()
  }

  async run(options: RunOptions = {}, more: Partial<Ports> = {}, change: Partial<TruthCase['activation']> = {}) {
    return await runActivation({ ...this.activation, ...change }, { ...quietPorts(this.pool), ...more }, options)
  }
}

const injectedAt =
  (at: number, what: ReturnType<TruthCase['inject']>): TruthCase['inject'] =>
  (n) =>
    n === at ? what : 'ok'

async function oneInjected(stage: EndingStage, what: ReturnType<TruthCase['inject']>): Promise<RunReport> {
  stage.rows(4)
  stage.each.restart()
  stage.each.inject = injectedAt(2, what)
  return await stage.run()
}

async function completed(stage: EndingStage, count = 4): Promise<RunReport> {
  stage.rows(count)
  stage.each.restart()
  return await stage.run()
}

async function stopped(
  stage: EndingStage,
  when: 'comparing' | 'answered',
  stop: (controller: AbortController) => void,
): Promise<RunReport> {
  stage.rows(12)
  stage.each.restart()
  const controller = new AbortController()
  if (when === 'answered') stage.each.answered = () => stop(controller)
  const progress: Ports['progress'] = ({ status }) => {
    if (when === 'comparing' && status === 'comparing') stop(controller)
  }
  return await stage.run({}, { stop: controller.signal, progress })
}

/** The process dies when the Target has answered the first batch, before the answers are saved. */
async function died(stage: EndingStage): Promise<undefined> {
  stage.rows(4)
  stage.each.restart()
  const mortal = mortalPool(stage.database.url, 'tailrace')
  stage.each.answered = () => mortal.kill()
  await runAndDie(stage.activation, quietPorts(stage.pool), mortal)
  return undefined
}

async function undo(stage: EndingStage, run: RunReport): Promise<RunReport | undefined> {
  const undone = await findRun(stage.pool, run.run)
  if (undone === undefined) throw new Error(`There is no Run ${run.run}.`)
  const before = [...stage.each.sent]
  stage.each.restart()
  const report = await undoRun(stage.activation, quietPorts(stage.pool), undone, () => Promise.resolve(true))
  // Nothing could be undone, so there is no second Run.
  if (report === undefined) stage.each.sent.push(...before)
  return report
}

const isWhole = ({ activation }: TruthCase): boolean => activation.mapping !== undefined
const ended: readonly RunStatus[] = ['completed', 'completed with failures', 'shelved']

export const endings: readonly Ending[] = [
  { name: 'completed', ends: ['completed'], play: (stage) => completed(stage) },
  { name: 'a record is rejected', ends: ['completed with failures'], play: (stage) => oneInjected(stage, 'rejected') },
  { name: 'a record is on hold', ends: ['completed with failures'], play: (stage) => oneInjected(stage, 'on-hold') },
  {
    name: 'a record is unconfirmed',
    ends: ['completed', 'completed with failures'],
    play: (stage) => oneInjected(stage, 'unconfirmed'),
  },
  {
    name: 'invalid rows',
    ends: ['completed with failures'],
    async play(stage) {
      stage.rows(3)
      const { warehouse } = stage.each
      warehouse.rows = [...warehouse.rows, ...[null, ''].map((id) => (isWhole(stage.each) ? [id, 'value'] : id))]
      stage.each.restart()
      return await stage.run()
    },
  },
  {
    name: 'only invalid rows',
    ends: ['completed with failures'],
    async play(stage) {
      stage.each.warehouse.breakAfter = undefined
      stage.each.warehouse.rows = [isWhole(stage.each) ? [null, 'value'] : null]
      stage.each.restart()
      return await stage.run()
    },
  },
  {
    name: 'nothing differs',
    ends: ['shelved'],
    async play(stage) {
      await completed(stage)
      stage.each.restart()
      return await stage.run()
    },
  },
  { name: 'no rows', ends: ['shelved'], play: (stage) => completed(stage, 0) },
  {
    name: 'rows left the query',
    ends: ended,
    async play(stage) {
      await completed(stage)
      stage.rows(2)
      stage.each.restart()
      return await stage.run()
    },
  },
  {
    name: 'rows changed',
    ends: ended,
    onlyFor: isWhole,
    async play(stage) {
      await completed(stage)
      stage.rows(4, 2)
      stage.each.restart()
      return await stage.run()
    },
  },
  {
    name: 'retried',
    ends: ended,
    async play(stage) {
      await oneInjected(stage, 'on-hold')
      stage.each.restart()
      return await stage.run()
    },
  },
  {
    name: 'blocked',
    ends: ['blocked'],
    async play(stage) {
      stage.rows(4)
      stage.each.restart()
      const one = { count: 1 }
      return await stage.run({}, {}, { limits: { ...stage.activation.limits, adds: one, updates: one, removes: one } })
    },
  },
  {
    name: 'stopped by the canary',
    ends: ['stopped'],
    async play(stage) {
      stage.rows(5)
      stage.each.restart()
      stage.each.inject = injectedAt(2, 'rejected')
      return await stage.run({ canary: 2 })
    },
  },
  {
    name: 'failed before the read',
    ends: ['failed', 'deferred'],
    async play(stage) {
      stage.rows(4)
      stage.each.warehouse.breakAfter = 0
      stage.each.restart()
      return await stage.run()
    },
  },
  {
    name: 'failed while reading',
    ends: ['failed', 'deferred'],
    async play(stage) {
      stage.rows(12)
      stage.each.warehouse.breakAfter = 5
      stage.each.restart()
      return await stage.run()
    },
  },
  {
    name: 'failed before writes',
    ends: ['failed'],
    async play(stage) {
      stage.rows(4)
      stage.each.restart()
      stage.each.inject = () => 'auth fault'
      return await stage.run()
    },
  },
  {
    name: 'failed after writes',
    ends: ['failed'],
    async play(stage) {
      stage.rows(4)
      stage.each.restart()
      stage.each.inject = (at) => (at > 2 ? 'auth fault' : 'ok')
      return await stage.run()
    },
  },
  {
    name: 'cancelled before writes',
    ends: ['cancelled'],
    play: (stage) => stopped(stage, 'comparing', (controller) => controller.abort()),
  },
  {
    name: 'cancelled during delivery',
    ends: ['cancelled', 'completed'],
    play: (stage) => stopped(stage, 'answered', (controller) => controller.abort()),
  },
  { name: 'deferred before writes', ends: ['deferred'], play: (stage) => stopped(stage, 'comparing', stopForServer) },
  {
    name: 'deferred during delivery',
    ends: ['deferred', 'completed'],
    play: (stage) => stopped(stage, 'answered', stopForServer),
  },
  { name: 'interrupted', ends: ['interrupted'], play: died },
  {
    name: 'interrupted, and settled',
    ends: ['interrupted'],
    async play(stage) {
      await died(stage)
      const row = await findActivation(stage.pool, stage.name)
      if (row === undefined) throw new Error(`${stage.name} never ran.`)
      await settleInterrupted(stage.pool, row.id, stage.name)
      return undefined
    },
  },
  {
    name: 'an undo',
    ends: ['completed'],
    async play(stage) {
      const run = await completed(stage)
      return (await undo(stage, run)) ?? run
    },
  },
  {
    name: 'undone by a later Run',
    ends: ['completed'],
    async play(stage) {
      const run = await completed(stage)
      const own = [...stage.each.sent]
      await undo(stage, run)
      stage.each.sent.splice(0, Infinity, ...own)
      return run
    },
  },
]
