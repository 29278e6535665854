import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { planLine } from '../plans/contract.ts'
import {
  counts,
  fault,
  group,
  invalidRowGroups,
  json,
  moment,
  name,
  notice,
  nouns,
  pageOf,
  paging,
  requests,
  runStatus,
} from '../shared.ts'

const numbered = z.object({ run: z.coerce.number().int().positive() })

export const runSummary = z.object({
  run: z.number(),
  activation: name,
  status: runStatus,
  purpose: z.enum(['run', 'undo']),
  undoes: z.number().nullable(),
  undoneBy: z.number().nullable(),
  startedAt: moment,
  finishedAt: moment.nullable(),
  durationMs: z.number(),
  behavior: z.string(),
  object: z.string(),
  identifier: z.string(),
  groups: z.array(group),
  counts,
  /** Links that the Run would have removed, but that are external, or that a later Run changed. */
  leftAlone: z.number(),
  /** Null: not known, because the Run goes on, or its process ended before it could save them. */
  requests: requests.nullable(),
  notices: z.array(notice),
  fault: fault.nullable(),
  allowed: z.array(z.string()),
  worker: z.string(),
  nouns,
})
export const listRuns = endpoint({
  method: 'GET',
  path: '/api/runs',
  name: 'listRuns',
  summary: 'Runs, newest first',
  query: paging.extend({ activation: name.optional(), status: runStatus.optional() }),
  reply: pageOf(runSummary),
})
export const readRun = endpoint({
  method: 'GET',
  path: '/api/runs/:run',
  name: 'readRun',
  summary: 'One Run',
  params: numbered,
  reply: runSummary,
})

export const recordStatus = z.enum(['delivered', 'in-place', 'rejected', 'on-hold', 'unconfirmed'])
export const runRecord = z.object({
  ordinal: z.number(),
  record: z.string(),
  operation: z.string(),
  reason: z.string(),
  at: moment,
  status: recordStatus,
  code: z.string().nullable(),
  message: z.string().nullable(),
  field: z.string().nullable(),
  httpStatus: z.number().nullable(),
  requestId: z.string().nullable(),
  targetId: z.string().nullable(),
  groups: z.array(z.string()),
  before: z.record(z.string(), json).nullable(),
  after: z.record(z.string(), json).nullable(),
})
/** Equally fast at any page of a Run of a million Records: the cursor is a place in the Plan. */
export const listRunRecords = endpoint({
  method: 'GET',
  path: '/api/runs/:run/records',
  name: 'listRunRecords',
  summary: 'Every Record of a Run',
  params: numbered,
  query: paging.extend({ status: recordStatus.optional(), code: z.string().optional(), record: z.string().optional() }),
  reply: pageOf(runRecord),
})
export const exportRunRecords = endpoint({
  method: 'GET',
  path: '/api/runs/:run/records.csv',
  name: 'exportRunRecords',
  summary: 'Every Record of a Run, as CSV',
  params: numbered,
  query: z.object({ status: recordStatus.optional(), code: z.string().optional() }),
  reply: z.string(),
  produces: 'text/csv',
})
export const groupRunRecords = endpoint({
  method: 'GET',
  path: '/api/runs/:run/groups',
  name: 'groupRunRecords',
  summary: 'Records of a Run by status and reason, and invalid rows',
  params: numbered,
  reply: z.object({
    groups: z.array(
      z.object({ status: recordStatus, code: z.string(), count: z.number(), title: z.string(), advice: z.string() }),
    ),
    invalidRows: invalidRowGroups,
  }),
})

/** Lines of a Plan by operation and reason. `code`: why they are skipped, or cannot be delivered (docs/errors.md). */
const plannedGroup = z.object({
  operation: z.string(),
  reason: z.string(),
  code: z.string().nullable(),
  /** The meaning of the code; null if it has none. */
  title: z.string().nullable(),
  lines: z.number(),
  /** Links made or removed, over all lines; null in Runs of older versions. */
  links: z.number().nullable(),
  sample: z.array(
    z.object({
      record: z.string(),
      groups: z.array(z.string()),
      before: z.record(z.string(), json).nullable(),
      after: z.record(z.string(), json).nullable(),
      message: z.string().nullable(),
    }),
  ),
})
export const runPlan = z.object({
  /** `pending`: not planned yet; `none`: the Run ended before it had a Plan. */
  state: z.enum(['pending', 'planned', 'none']),
  /** First the writes, then what cannot be delivered, then what is skipped. */
  groups: z.array(plannedGroup),
  /** Number of lines that write. */
  writes: z.number(),
  /** Write calls: the estimate before the first call (null in Runs of older versions), and the number made. */
  calls: z.object({ estimated: z.number().nullable(), made: z.number() }),
  /** Guardrails that the Plan violated; `words` is null if none were stored. */
  guardrails: z.array(z.object({ rule: z.string(), words: z.string().nullable(), overridden: z.boolean() })),
})
/** Equally fast for any Run. For a Run that a guardrail blocked: the plan that it did not carry out. */
export const readRunPlan = endpoint({
  method: 'GET',
  path: '/api/runs/:run/plan',
  name: 'readRunPlan',
  summary: 'What a Run planned, by operation and reason, with the first Records of each',
  params: numbered,
  reply: runPlan,
})

/** A request or response body without secrets: its first 4 kB, and the full size in bytes. */
const body = z.object({ text: z.string(), size: z.number(), cut: z.boolean() })
export const exchange = z.object({
  ordinal: z.number(),
  status: recordStatus,
  code: z.string(),
  at: moment,
  method: z.string(),
  path: z.string(),
  request: body.nullable(),
  /** Null: no answer arrived. */
  httpStatus: z.number().nullable(),
  answer: body.nullable(),
  requestId: z.string().nullable(),
  /** Why there is no answer, or only an inconclusive one. */
  trouble: z.string().nullable(),
})
/** Kept for the first `keptOfReason` failed Records of each reason, as long as the Run's Records are kept. */
export const listExchanges = endpoint({
  method: 'GET',
  path: '/api/runs/:run/exchanges',
  name: 'listExchanges',
  summary: 'The requests and answers of a failed Record of a Run, if they were kept',
  params: numbered,
  query: z.object({ record: z.string() }),
  reply: z.object({ items: z.array(exchange), keptOfReason: z.number() }),
})

/** The data of `event: progress`, sent when it changes. `event: end` carries the Run's summary. */
export const runProgress = z.object({
  run: z.number(),
  activation: name,
  status: runStatus,
  read: z.number(),
  invalid: z.number(),
  planned: z.number(),
  answered: z.number(),
  failed: z.number(),
  pending: z.number(),
  /** The rate limit with the smallest share left, by its name. */
  rate: z.object({ name: z.string(), limit: z.number(), remaining: z.number(), resetAt: moment.nullable() }).nullable(),
  perSecond: z.number().nullable(),
  etaMs: z.number().nullable(),
})
export const watchRun = endpoint({
  method: 'GET',
  path: '/api/runs/:run/events',
  name: 'watchRun',
  summary: 'Live progress by server-sent events',
  params: numbered,
  reply: runProgress,
  produces: 'text/event-stream',
})
/** Progress of all active Runs; also `event: changed` with `{ "activations": [names] }` when lists must be reloaded. */
export const watchAll = endpoint({
  method: 'GET',
  path: '/api/events',
  name: 'watchAll',
  summary: 'Live progress of all Runs by server-sent events',
  reply: runProgress,
  produces: 'text/event-stream',
})
export const cancelRun = endpoint({
  method: 'POST',
  path: '/api/runs/:run/cancel',
  name: 'cancelRun',
  summary: 'Stop a Run safely: sent Records are settled, the rest stays on hold',
  params: numbered,
  reply: z.object({ asked: z.boolean() }),
  status: 202,
})

export const undoPlan = z.object({
  undoes: z.number(),
  /** In Records. The first five are writes. */
  figures: z.object({
    removes: z.number(),
    adds: z.number(),
    updates: z.number(),
    discards: z.number(),
    restores: z.number(),
    nothingToDo: z.number(),
    external: z.number(),
    elsewhere: z.number(),
    later: z.number(),
    stateUnknown: z.number(),
    cannotRestore: z.number(),
  }),
  laterRun: z.number().nullable(),
  nouns,
  notices: z.array(notice),
  sample: z.array(planLine),
})
export const planUndo = endpoint({
  method: 'POST',
  path: '/api/runs/:run/undo/plan',
  name: 'planUndo',
  summary: 'Make the plan of an undo. Nothing is sent',
  params: numbered,
  reply: undoPlan,
})
export const undoRun = endpoint({
  method: 'POST',
  path: '/api/runs/:run/undo',
  name: 'undoRun',
  summary: 'Undo a Run; the undo is a Run of its own',
  params: numbered,
  reply: z.object({ run: z.number().nullable(), queued: z.boolean() }),
  status: 202,
  idempotencyKey: true,
})
