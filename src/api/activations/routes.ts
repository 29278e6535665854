import type { FastifyInstance } from 'fastify'
import type { ActivationState } from '../../model/activation-state.ts'
import { lockActivation } from '../../store/runs/activation-lock.ts'
import {
  listActivationSummaries,
  type ActivationFilter,
  type ActivationSummary,
} from '../../store/project/activation-summaries.ts'
import { findActivation } from '../../store/project/activations.ts'
import { forgetActivation } from '../../store/project/forget-activation.ts'
import { afterText, cursorIn, cursorOf } from '../cursor.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import {
  createActivation,
  deleteActivation,
  listActivations,
  pauseActivation,
  readActivation,
  resumeActivation,
  updateActivation,
} from './contract.ts'
import { rejectImmutableChanges } from './reject-immutable-changes.ts'
import { showActivation, showActivations } from './show-activation.ts'

/** Page size while filtering by state, which is computed and not stored in the database. */
const searchedAtOnce = 500

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    project,
    runs,
  } = services

  const find = async (name: string): Promise<ActivationSummary> => {
    const [row] = await listActivationSummaries(pool, { names: [name], limit: 1 })
    if (row !== undefined) return row
    await project.read('activations', name)
    throw new Error(`activation "${name}" was created while it was read`)
  }
  const show = async (name: string) => await showActivation(services, await find(name))
  const run = async (name: string) => await runs.start(name, { allow: [] })

  const list = async ({
    state,
    after,
    ...query
  }: ActivationFilter & { readonly state?: ActivationState | undefined }) => {
    const { search, limit } = query
    if (state === undefined) return await listActivationSummaries(pool, { search, after, limit })
    const names: string[] = []
    for (let from = after; names.length < limit;) {
      const rows = await listActivationSummaries(pool, { search, after: from, limit: searchedAtOnce, brief: true })
      names.push(
        ...(await showActivations(services, rows)).filter((item) => item.state === state).map(({ name }) => name),
      )
      from = rows.at(-1)?.name
      if (rows.length < searchedAtOnce) break
    }
    return names.length === 0 ? [] : await listActivationSummaries(pool, { names, limit })
  }

  mount(app, services, listActivations, async ({ query: { cursor, ...query } }) => {
    const rows = await list({ ...query, after: cursorIn('activations', cursor, afterText), limit: query.limit + 1 })
    const shown = await showActivations(services, rows.slice(0, query.limit))
    return { items: shown, next: rows.length > query.limit ? cursorOf('activations', shown.at(-1)?.name ?? '') : null }
  })

  mount(app, services, readActivation, async ({ params: { activation } }) => await show(activation))

  mount(app, services, createActivation, async ({ body: { name, config, run: begins } }) => {
    await project.create({ section: 'activations', name, body: config })
    runs.changed([name])
    if (begins) await run(name)
    return await show(name)
  })

  mount(
    app,
    services,
    updateActivation,
    async ({ params: { activation: name }, body: { config, run: begins }, revision }) => {
      const before = await show(name)
      if (before.etag === `"${revision}"`) rejectImmutableChanges(before.config, config, before.frozen)
      await project.update({ section: 'activations', name, body: config }, revision)
      runs.changed([name])
      if (begins) await run(name)
      return await show(name)
    },
  )

  mount(app, services, deleteActivation, async ({ params: { activation: name }, revision }) => {
    const state = await findActivation(pool, name)
    // No process may run it while its state is deleted.
    const lock = state === undefined ? undefined : await lockActivation(pool, state.id, name)
    try {
      await project.remove('activations', name, revision)
      if (state !== undefined) await forgetActivation(pool, state.id)
    } finally {
      await lock?.release()
    }
    runs.changed([name])
    return { ok: true as const }
  })

  mount(app, services, pauseActivation, async ({ params: { activation } }) => await pause(activation, true))
  mount(app, services, resumeActivation, async ({ params: { activation } }) => await pause(activation, false))

  async function pause(name: string, paused: boolean) {
    await project.pause(name, paused)
    runs.changed([name])
    return await show(name)
  }
}
