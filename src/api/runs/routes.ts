import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { readOperations, writingKinds } from '../../store/plans/operations.ts'
import { isHeld, requestCancel } from '../../store/runs/activation-lock.ts'
import { findListedRun, pageRuns, type ListedRun } from '../../store/runs/run-pages.ts'
import type { Activation } from '../../engine/activation.ts'
import { namesRecords, shownLine } from '../../engine/saved-plans/shown-line.ts'
import { settleInterrupted } from '../../engine/settle-interrupted.ts'
import { undoRun as takeBack, type UndoPlan } from '../../engine/undo.ts'
import { afterNumber, cursorIn, cursorOf, page } from '../cursor.ts'
import { mount } from '../mount.ts'
import { nounsOf } from '../../model/noun.ts'
import { requestPorts } from '../engine-ports.ts'
import type { Services } from '../services.ts'
import { showLine } from '../plans/show-plan.ts'
import { cancelRun, listRuns, planUndo, readRun, undoRun } from './contract.ts'
import { requireRun, namesIn, showRun } from './show-run.ts'

/** Number of sample lines of an undo plan. */
const mostLines = 20
/** A Run that just started may not listen yet, so the cancel request is repeated this often. */
const asks = 20
const askEveryMs = 500

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    project,
    runs,
    now,
    abort,
    log,
  } = services

  mount(app, services, listRuns, async ({ query: { cursor, limit, activation, status } }) => {
    const before = cursorIn('runs', cursor, afterNumber)
    const rows = await pageRuns(pool, { activation, status, before, limit: limit + 1 })
    return page(
      rows,
      limit,
      (run) => showRun(run, now()),
      ({ id }) => cursorOf('runs', id),
    )
  })

  mount(app, services, readRun, async ({ params: { run } }) => showRun(await requireRun(pool, run), now()))

  mount(app, services, cancelRun, async ({ params: { run: id } }) => {
    const run = await requireRun(pool, id)
    if (run.finishedAt !== null) return { asked: false }
    if (!(await isHeld(pool, run.activationId))) {
      await settleInterrupted(pool, run.activationId, run.activation)
      runs.changed([run.activation])
      return { asked: false }
    }
    await requestCancel(pool, id)
    askAgain(run).catch((error: unknown) =>
      log.debug('a repeated cancel request of a Run failed', { run: id, message: String(error) }),
    )
    return { asked: true }
  })

  const askAgain = async ({ id }: ListedRun): Promise<void> => {
    for (let asked = 1; asked < asks && !abort.aborted; asked += 1) {
      await delay(askEveryMs)
      if ((await findListedRun(pool, id))?.finishedAt !== null) return
      await requestCancel(pool, id)
    }
  }

  mount(app, services, planUndo, async ({ params: { run: id }, signal }) => {
    const run = await requireRun(pool, id)
    let shown: Awaited<ReturnType<typeof showUndo>> | undefined
    const activation = await project.activation(run.activation)
    await takeBack(
      activation,
      requestPorts(services, signal),
      run,
      async (plan) => {
        shown = await showUndo(plan, run, activation)
        return false
      },
      { isPreview: true },
    )
    if (shown === undefined) throw new Error(`the undo of Run ${id} was not planned`)
    return shown
  })

  const showUndo = async (plan: UndoPlan, run: ListedRun, activation: Activation) => {
    const {
      undoes,
      laterRun,
      notices,
      removes,
      adds,
      updates,
      discards,
      restores,
      cannotRestore,
      nothingToDo,
      external,
      elsewhere,
      later,
      stateUnknown,
    } = plan
    const nameOf = namesIn(plan.groups.length > 0 ? plan : run)
    const sample = []
    for await (const lines of readOperations(pool, plan.run, {
      lines: plan.lines,
      pageSize: 1000,
      kinds: writingKinds,
    })) {
      sample.push(...lines.slice(0, mostLines - sample.length))
      if (sample.length >= mostLines) break
    }
    return {
      undoes,
      laterRun,
      nouns: nounsOf(activation.object),
      notices: notices.map((each) => ({ ...each, data: { ...each.data } })),
      figures: {
        removes,
        adds,
        updates,
        discards,
        restores,
        cannotRestore,
        nothingToDo,
        external,
        elsewhere,
        later,
        stateUnknown,
      },
      sample: sample.map((line) => showLine(shownLine(line, { nameOf, recordOf: namesRecords(activation) }))),
    }
  }

  mount(app, services, undoRun, async ({ params: { run: id } }) => {
    const run = await requireRun(pool, id)
    // Throws if it cannot run, so the client gets the error now instead of only the log.
    await project.activation(run.activation)
    return { run: await runs.undo(run.activation, id), queued: true }
  })
}
