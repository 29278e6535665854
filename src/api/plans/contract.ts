import { z } from 'zod'
import { activationConfig } from '../activations/contract.ts'
import { endpoint } from '../endpoint.ts'
import { counts, group, invalidRowGroups, json, moment, name, notice, nouns } from '../shared.ts'

export const planLine = z.object({
  /** The identifier as in the row; for a link also the group's name. */
  record: z.string(),
  group: z.string().optional(),
  operation: z.string(),
  reason: z.string(),
  targetId: z.string().optional(),
  matches: z.number().optional(),
  fields: z.record(z.string(), json).optional(),
  before: z.record(z.string(), json).optional(),
  /** Why the line is skipped, cannot be delivered, or waits. */
  code: z.string().optional(),
  message: z.string().optional(),
  /** For an invalid row: its number, from 1. */
  row: z.number().optional(),
})
export const plan = z.object({
  counts,
  /** Lines by operation, in Records. */
  lines: z.object({
    adds: z.number(),
    removes: z.number(),
    creates: z.number(),
    upserts: z.number(),
    updates: z.number(),
    deletes: z.number(),
    archives: z.number(),
    inPlace: z.number(),
    leftAlone: z.number(),
    elsewhere: z.number(),
    nothingToDo: z.number(),
    notLoaded: z.number(),
    onHold: z.number(),
  }),
  /** What the words about the plan need: the object's nouns, how many groups it names, and whether it detaches them. */
  about: z.object({ nouns, groups: z.number(), takesOff: z.boolean() }),
  groups: z.array(group),
  toCreate: z.array(z.string()),
  writeCalls: z.number(),
  readCalls: z.number(),
  /** Estimated time of the write calls at the account's rate limit; null while the limit is unknown. */
  writeMs: z.number().nullable(),
  guardrails: z.array(z.object({ rule: z.string(), words: z.string(), overridden: z.boolean() })),
  invalidRows: invalidRowGroups,
  notices: z.array(notice),
  /** The first writes, then the first undeliverable lines, skipped lines and invalid rows. */
  sample: z.array(planLine),
})

/** What a Run of an unsaved draft, or of a saved Activation with changes, would do now. Nothing is stored. */
export const makePlan = endpoint({
  method: 'POST',
  path: '/api/plans',
  name: 'makePlan',
  summary: 'Make a plan: the writes of a Run. Nothing is sent',
  body: z.object({ name, config: activationConfig, sample: z.number().int().min(0).max(200).default(20) }),
  reply: plan,
})
/** What a Run of a saved Activation would do now. The plan is kept, so that a Run can do exactly this. */
export const planActivation = endpoint({
  method: 'POST',
  path: '/api/activations/:activation/plans',
  name: 'planActivation',
  summary: 'Make a plan of a saved Activation, and keep it for a Run of exactly this plan. Nothing is sent',
  params: z.object({ activation: name }),
  body: z
    .object({
      allow: z.array(z.string()).default([]),
      sample: z.number().int().min(0).max(200).default(20),
      /** How long the plan is kept. */
      minutes: z.number().int().min(1).max(1440).default(60),
    })
    .default({ allow: [], sample: 20, minutes: 60 }),
  reply: plan.extend({ kept: z.object({ plan: z.number(), expiresAt: moment }) }),
  status: 201,
})
/** Validates a draft without reading its rows. Returns every problem with a JSON pointer into `config`. */
export const checkDraft = endpoint({
  method: 'POST',
  path: '/api/drafts/check',
  name: 'checkDraft',
  summary: 'Check a draft of an Activation',
  body: z.object({ name: name.optional(), config: activationConfig }),
  reply: z.object({
    ok: z.boolean(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() })),
  }),
})
/** The columns that are compatible with each Field, and the choice of auto-mapping. */
export const offerMapping = endpoint({
  method: 'POST',
  path: '/api/drafts/mapping',
  name: 'offerMapping',
  summary: 'Which query fields are compatible with which Target fields',
  body: z.object({ warehouse: name, query: z.string(), target: name, object: z.string(), behavior: z.string() }),
  reply: z.object({
    identifiers: z.array(z.object({ field: z.string(), columns: z.array(z.string()) })),
    fields: z.array(z.object({ field: z.string(), columns: z.array(z.string()), suggested: z.string().nullable() })),
  }),
})
