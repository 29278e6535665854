import type { FastifyInstance } from 'fastify'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { planApply } from './apply-config.ts'
import { differs } from './config-changes.ts'
import { applyConfig, exportConfig } from './contract.ts'
import { exportConfig as exported } from './export-config.ts'

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    project,
    runs,
  } = services

  mount(app, services, exportConfig, async () => await exported(pool))

  mount(app, services, applyConfig, async ({ body: { yaml, prune, apply, expect } }) => {
    const plan = await planApply(project.options, { text: yaml, file: 'tailrace.yaml', prune })
    if (expect !== undefined && expect !== plan.hash) throw differs()
    if (apply) {
      await plan.perform()
      runs.changed(plan.activations)
    }
    return { changes: [...plan.changes], hash: plan.hash, applied: apply }
  })
}
