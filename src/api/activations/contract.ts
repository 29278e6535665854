import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import {
  behaviorOperations,
  counts,
  fault,
  group,
  json,
  moment,
  name,
  notice,
  nouns,
  pageOf,
  paging,
  runStatus,
} from '../shared.ts'

const named = z.object({ activation: name })

/** An Activation as in tailrace.yaml (docs/configuration.md), without its name. Validated by the same schemas. */
export const activationConfig = z.record(z.string(), json)

/** The state in a list. Derived only by `activationState` in model/. */
export const activationState = z.enum(['active', 'paused', 'running', 'never run', 'failing', 'needs attention'])

const lastRun = z.object({
  run: z.number(),
  status: runStatus,
  startedAt: moment,
  finishedAt: moment.nullable(),
  counts,
  fault: fault.nullable(),
})

export const activationSummary = z.object({
  name,
  warehouse: name,
  target: name,
  object: z.string(),
  objectLabel: z.string(),
  nouns,
  behavior: z.string(),
  behaviorLabel: z.string(),
  /** The operation for rows that are new, changed and gone; null: the behavior is not known. */
  operations: behaviorOperations.nullable(),
  /** In words: "every 1h", "0 6 * * * (Europe/Berlin)"; null: manual. */
  schedule: z.string().nullable(),
  state: activationState,
  paused: z.boolean(),
  /** Why it cannot run at all, such as a missing Warehouse; null if it can. */
  problem: z.object({ code: z.string(), message: z.string(), advice: z.string().nullable() }).nullable(),
  lastRun: lastRun.nullable(),
  nextRunAt: moment.nullable(),
  /** Failed Records by class, unconfirmed Records, and `held`: how many the Target holds because of this Activation. */
  standing: z.object({ onHold: z.number(), notLoaded: z.number(), unconfirmed: z.number(), held: z.number() }),
  /** The last 20 Runs, oldest first, for a small chart. */
  history: z.array(z.object({ run: z.number(), status: runStatus, delivered: z.number(), failed: z.number() })),
})

export const listActivations = endpoint({
  method: 'GET',
  path: '/api/activations',
  name: 'listActivations',
  summary: 'Activations by name',
  query: paging.extend({ search: z.string().optional(), state: activationState.optional() }),
  reply: pageOf(activationSummary),
})

export const activationDetail = activationSummary.extend({
  config: activationConfig,
  etag: z.string(),
  updatedAt: moment,
  /** Immutable settings by config key, each with the reason: `{ identifier: "…" }`. Empty before the first Run. */
  frozen: z.record(z.string(), z.string()),
  groups: z.array(group),
})
export const readActivation = endpoint({
  method: 'GET',
  path: '/api/activations/:activation',
  name: 'readActivation',
  summary: 'One Activation',
  params: named,
  reply: activationDetail,
})
export const createActivation = endpoint({
  method: 'POST',
  path: '/api/activations',
  name: 'createActivation',
  summary: 'CREATE ACTIVATION; `run`: start the first Run immediately',
  body: z.object({ name, config: activationConfig, run: z.boolean().default(true) }),
  reply: activationDetail,
  status: 201,
  idempotencyKey: true,
})
export const updateActivation = endpoint({
  method: 'PUT',
  path: '/api/activations/:activation',
  name: 'updateActivation',
  summary: 'Change the query, mapping, schedule, guardrails and other settings that can change',
  params: named,
  body: z.object({ config: activationConfig, run: z.boolean().default(false) }),
  reply: activationDetail,
  ifMatch: true,
})
export const deleteActivation = endpoint({
  method: 'DELETE',
  path: '/api/activations/:activation',
  name: 'deleteActivation',
  summary: 'Delete an Activation and its state; nothing changes in the Target',
  params: named,
  reply: z.object({ ok: z.literal(true) }),
  ifMatch: true,
})
export const pauseActivation = endpoint({
  method: 'POST',
  path: '/api/activations/:activation/pause',
  name: 'pauseActivation',
  summary: 'Pause: no scheduled Runs until it is resumed',
  params: named,
  reply: activationDetail,
})
export const resumeActivation = endpoint({
  method: 'POST',
  path: '/api/activations/:activation/resume',
  name: 'resumeActivation',
  summary: 'Resume: the schedule continues',
  params: named,
  reply: activationDetail,
})
export const startRun = endpoint({
  method: 'POST',
  path: '/api/activations/:activation/runs',
  name: 'startRun',
  summary: 'Start a Run; `allow` overrides guardrails for this one Run',
  params: named,
  body: z
    .object({
      allow: z.array(z.string()).default([]),
      /** Canary: write this many Records first, read them back, and continue only if all match. */
      canary: z.number().int().min(1).max(1_000_000).optional(),
      /** Number of a kept plan. The Run does exactly this plan, and is blocked if its own plan differs. */
      plan: z.number().int().positive().optional(),
    })
    .default({ allow: [] }),
  /** `run` is null while the Run waits for a free worker; read the Activation's detail to see it start. */
  reply: z.object({ queued: z.literal(true), run: z.number().nullable() }),
  status: 202,
  idempotencyKey: true,
})
/** Queued Runs and undos, such as those that wait for a free worker. Excludes scheduled Runs that are not due yet. */
export const listWaiting = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/waiting',
  name: 'listWaiting',
  summary: 'Runs that wait for a free worker',
  params: named,
  reply: z.object({
    items: z.array(
      z.object({
        job: z.string(),
        what: z.enum(['run', 'undo']),
        undoes: z.number().nullable(),
        scheduled: z.boolean(),
        since: moment,
      }),
    ),
  }),
})
export const cancelWaiting = endpoint({
  method: 'DELETE',
  path: '/api/activations/:activation/waiting/:job',
  name: 'cancelWaiting',
  summary: 'Remove a waiting Run from the queue; `gone`: it has started, or was removed before',
  params: named.extend({ job: z.uuid() }),
  reply: z.object({ gone: z.boolean() }),
})
export const retryRecords = endpoint({
  method: 'POST',
  path: '/api/activations/:activation/retry',
  name: 'retryRecords',
  summary: 'Retry Records that were not loaded: some, those rejected for a reason, or all; starts a Run',
  params: named,
  body: z.object({ keys: z.array(z.string()).max(1000).optional(), codes: z.array(z.string()).optional() }),
  reply: z.object({ due: z.number() }),
  status: 202,
})

export const verifyActivation = endpoint({
  method: 'POST',
  path: '/api/activations/:activation/verify',
  name: 'verifyActivation',
  summary: 'Read back all Records that the Activation wrote, and compare',
  params: named,
  body: z.object({ repair: z.boolean().default(false) }).default({ repair: false }),
  reply: z.object({
    confirmed: z.number(),
    pending: z.number(),
    missing: z.number(),
    /** All Records to read back; the rest was not checked. */
    synced: z.number(),
    due: z.number(),
    notices: z.array(notice),
  }),
})
