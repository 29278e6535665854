import { z } from 'zod'
import { driftKinds } from '../../model/observed.ts'
import { endpoint } from '../endpoint.ts'
import { invalidRowGroups, json, moment, name, pageOf, paging, runStatus } from '../shared.ts'

const named = z.object({ activation: name })

/** The Outcome status of the failure. */
const failureClass = z.enum(['on-hold', 'rejected', 'unconfirmed'])

/** Failed Records of one class and code that are not resolved. */
export const failureGroup = z.object({
  class: failureClass,
  code: z.string(),
  count: z.number(),
  /** From docs/errors.md: the meaning, and what to do. */
  title: z.string(),
  advice: z.string(),
  sample: z.array(
    z.object({
      record: z.string(),
      message: z.string(),
      run: z.number(),
      at: moment,
      requestId: z.string().nullable(),
    }),
  ),
})
export const listFailures = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/failures',
  name: 'listFailures',
  summary: 'Failed Records that are not resolved, by class and reason',
  params: named,
  reply: z.object({ groups: z.array(failureGroup), invalidRows: invalidRowGroups }),
})
export const failedRecord = z.object({
  record: z.string(),
  class: failureClass,
  code: z.string(),
  message: z.string(),
  field: z.string().nullable(),
  tries: z.number(),
  retryAt: moment.nullable(),
  run: z.number(),
  requestId: z.string().nullable(),
})
export const listFailedRecords = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/failed-records',
  name: 'listFailedRecords',
  summary: 'Failed Records that are not resolved, one by one',
  params: named,
  query: paging.extend({ class: failureClass.optional(), code: z.string().optional() }),
  reply: pageOf(failedRecord),
})
export const exportFailedRecords = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/failed-records.csv',
  name: 'exportFailedRecords',
  summary: 'All of them, as CSV',
  params: named,
  query: z.object({ class: failureClass.optional(), code: z.string().optional() }),
  reply: z.string(),
  produces: 'text/csv',
})

/** The history of one Record: operations, times, previous values, and its current state. */
export const recordStory = z.object({
  record: z.string(),
  known: z.boolean(),
  targetId: z.string().nullable(),
  /** The current state in one sentence. */
  now: z.string(),
  /** Who made the links or the target record: managed or external. Sentences; empty where it is unknown or has no meaning. */
  author: z.array(z.string()),
  /** What the next Run does about it, in one or two sentences; null: the Activation never ran. */
  next: z.string().nullable(),
  events: z.array(
    z.object({
      at: moment,
      run: z.number(),
      operation: z.string(),
      status: z.string(),
      code: z.string().nullable(),
      message: z.string().nullable(),
      groups: z.array(z.string()),
      before: z.record(z.string(), json).nullable(),
      after: z.record(z.string(), json).nullable(),
      requestId: z.string().nullable(),
      undoes: z.number().nullable(),
    }),
  ),
})
export const readRecord = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/record',
  name: 'readRecord',
  summary: 'The history of one Record',
  params: named,
  query: z.object({ identifier: z.string() }),
  reply: recordStory,
})

export const listDrift = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/drift',
  name: 'listDrift',
  summary: 'Records that were changed since Tailrace wrote them, as of the last verification',
  params: named,
  query: paging,
  reply: pageOf(
    z.object({
      record: z.string(),
      what: z.enum(driftKinds),
      members: z.array(z.string()),
      seenAt: moment,
      due: z.boolean(),
    }),
  ).extend({
    last: z.object({ at: moment, confirmed: z.number(), pending: z.number(), missing: z.number() }).nullable(),
  }),
})
export const readOwnership = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/ownership',
  name: 'readOwnership',
  summary: 'How many Records in the Target are managed, and how many are external',
  params: named,
  reply: z.object({ managed: z.number(), external: z.number(), total: z.number() }),
})

/** For charts: one point per Run, oldest first. */
export const readSeries = endpoint({
  method: 'GET',
  path: '/api/activations/:activation/series',
  name: 'readSeries',
  summary: 'Records by Outcome, calls and membership size over time',
  params: named,
  query: z.object({ days: z.coerce.number().int().min(1).max(400).default(30) }),
  reply: z.object({
    points: z.array(
      z.object({
        run: z.number(),
        at: moment,
        status: runStatus,
        delivered: z.number(),
        alreadyInPlace: z.number(),
        rejected: z.number(),
        onHold: z.number(),
        unconfirmed: z.number(),
        reads: z.number(),
        writes: z.number(),
        durationMs: z.number(),
        held: z.number(),
      }),
    ),
  }),
})
