import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Fields } from '../../model/field.ts'
import { readOperations, writingKinds } from '../../store/operations.ts'
import { isHeld, requestCancel } from '../../store/lock.ts'
import { findListedRun, pageRuns, type ListedRun } from '../../store/run-pages.ts'
import { undoRun as takeBack, type UndoPlan } from '../../engine/undo.ts'
import { afterNumber, cursorIn, cursorOf, page } from '../cursor.ts'
import { mount } from '../mount.ts'
import { requestPorts } from '../request-ports.ts'
import type { Services } from '../services.ts'
import { cancelRun, listRuns, planUndo, readRun, undoRun } from './contract.ts'
import { findRun } from './find-run.ts'
import { namesIn, showRun } from './show-run.ts'

/** Lines of an undo's Plan that are shown. */
const shownLines = 20
/** Who began a moment ago may not be listening yet: it is asked again so often. */
const asks = 20
const askEveryMs = 500

export function routes(app: FastifyInstance, services: Services): void {
  const { database: { pool }, project, runs, now, abort, log } = services

  mount(app, services, listRuns, async ({ query: { cursor, limit, activation, status } }) => {
    const before = cursorIn('runs', cursor, afterNumber)
    const rows = await pageRuns(pool, { activation, status, before, limit: limit + 1 })
    return page(rows, limit, (run) => showRun(run, now()), ({ id }) => cursorOf('runs', id))
  })

  mount(app, services, readRun, async ({ params: { run } }) => showRun(await findRun(pool, run), now()))

  mount(app, services, cancelRun, async ({ params: { run: id } }) => {
    const run = await findRun(pool, id)
    if (run.finishedAt !== null || !await isHeld(pool, run.activationId)) return { asked: false }
    await requestCancel(pool, id)
    askAgain(run).catch((error: unknown) => log.debug('a Run could not be asked again to stop', { run: id, message: String(error) }))
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
    const run = await findRun(pool, id)
    let shown: Awaited<ReturnType<typeof showUndo>> | undefined
    await takeBack(await project.activation(run.activation), requestPorts(services, signal), run, async (plan) => {
      shown = await showUndo(plan, run)
      return false
    })
    if (shown === undefined) throw new Error(`taking back Run ${id} was not planned`)
    return shown
  })

  const showUndo = async (plan: UndoPlan, run: ListedRun) => {
    const { undoes, laterRun, notices, removes, adds, updates, discards, restores, forGood, nothingToDo, theirs, later, untold } = plan
    const nameOf = namesIn(plan.members.length > 0 ? plan : run)
    const sample = []
    for await (const lines of readOperations(pool, plan.run, { lines: plan.lines, pageSize: 1000, kinds: writingKinds })) {
      sample.push(...lines.slice(0, shownLines - sample.length))
      if (sample.length >= shownLines) break
    }
    return {
      undoes, laterRun, notices: [...notices], figures: { removes, adds, updates, discards, restores, forGood, nothingToDo, theirs, later, untold },
      sample: sample.map(({ key, kind, members, asks: set, before, note }) => ({
        record: key, operation: kind, members: members.map(nameOf), fields: fieldsIn(set), before: fieldsIn(before), note,
      })),
    }
  }

  mount(app, services, undoRun, async ({ params: { run: id } }) => {
    const run = await findRun(pool, id)
    // Throws where it cannot run: so it is told now, and not only in the log.
    await project.activation(run.activation)
    return { run: await runs.undo(run.activation, id), queued: true }
  })
}

function fieldsIn(json: string | null): Fields | null {
  return json === null ? null : JSON.parse(json) as Fields
}
