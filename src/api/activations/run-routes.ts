import type { FastifyInstance } from 'fastify'
import { openKeptPlan } from '../../engine/saved-plans/kept-plan.ts'
import { verifyActivation as readBack } from '../../engine/verify.ts'
import type { RunJob } from '../../engine/jobs/run-jobs.ts'
import { notice } from '../../model/notice.ts'
import { rejectionCodes } from '../../model/outcome.ts'
import { readWaiting } from '../../store/queue/job-queue.ts'
import { makeFailuresDue, makeKeysDue } from '../../store/snapshot/write-snapshot.ts'
import { knownRules } from '../known-rules.ts'
import { mount } from '../mount.ts'
import { requestPorts } from '../engine-ports.ts'
import type { Services } from '../services.ts'
import { cancelWaiting, listWaiting, retryRecords, startRun, verifyActivation } from './contract.ts'
import { findRow } from './show-activation.ts'

/** Routes that start Runs or read back what Runs wrote. */
export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    project,
    runs,
  } = services

  mount(app, services, startRun, async ({ params: { activation }, body: { allow, canary, plan } }) => {
    // Throws if it cannot run, so the client gets the error now instead of only the log.
    await project.activation(activation)
    if (plan !== undefined) await openKeptPlan(pool, activation, plan)
    const how = {
      allow: knownRules(allow),
      ...(canary !== undefined && { canary }),
      ...(plan !== undefined && { plan }),
    }
    return { queued: true as const, run: await runs.start(activation, how) }
  })

  const waiting = async (activation: string) => {
    await project.read('activations', activation)
    return await readWaiting<RunJob>(pool, services.database.schema, activation)
  }

  mount(app, services, listWaiting, async ({ params: { activation } }) => ({
    items: (await waiting(activation)).map(({ id, data, since }) => ({
      job: id,
      what: data.kind,
      undoes: data.kind === 'undo' ? data.undoes : null,
      scheduled: data.kind === 'run' && data.scheduled !== undefined,
      since: since.toISOString(),
    })),
  }))

  mount(app, services, cancelWaiting, async ({ params: { activation, job } }) => {
    const isThere = (await waiting(activation)).some(({ id }) => id === job)
    if (isThere) await runs.unqueue(job)
    return { gone: !isThere }
  })

  mount(app, services, retryRecords, async ({ params: { activation }, body: { keys, codes } }) => {
    await project.activation(activation)
    const row = await findRow(services, activation)
    const due =
      row === undefined
        ? 0
        : keys !== undefined
          ? await makeKeysDue(pool, row.id, keys)
          : // Only rejected Records must be made due. Records on hold have other codes, and every Run sends them again.
            await makeFailuresDue(pool, row.id, codes && rejectionCodes.filter((code) => codes.includes(code)))
    await runs.start(activation, { allow: [] })
    return { due }
  })

  mount(app, services, verifyActivation, async ({ params: { activation: name }, body: { repair }, signal }) => {
    const activation = await project.activation(name)
    const report = await readBack(activation, requestPorts(services, signal), {
      repair: repair || activation.drift === 'repair',
    })
    if (report === undefined)
      return {
        confirmed: 0,
        pending: 0,
        missing: 0,
        synced: 0,
        due: 0,
        notices: [notice('never-run', 'The Activation has not run yet, so there is nothing to read back.')],
      }
    return {
      ...report.verified,
      synced: report.synced,
      due: report.due,
      notices: report.notices.map((each) => ({ ...each, data: { ...each.data } })),
    }
  })
}
