import { z } from 'zod'
import { activationConfig } from '../activations/contract.ts'
import { endpoint } from '../endpoint.ts'
import { counts, group, invalidRowGroups, json, moment, name, notice } from '../shared.ts'

export const planLine = z.object({
  /** The identifier, as the row wrote it; and, of a link, the group by name. */
  record: z.string(), group: z.string().optional(), operation: z.string(), reason: z.string(), targetId: z.string().optional(), matches: z.number().optional(),
  fields: z.record(z.string(), json).optional(), before: z.record(z.string(), json).optional(),
  /** Why nothing is asked, or it cannot be delivered, or not now. */
  code: z.string().optional(), message: z.string().optional(),
  /** Of a row that cannot become a Record: its number, from 1. */
  row: z.number().optional(),
})
export const plan = z.object({
  counts, lines: z.record(z.string(), z.number()),
  groups: z.array(group), toCreate: z.array(z.string()),
  writeCalls: z.number(), readCalls: z.number(),
  /** What the calls take at the account's rate limit; null while the limit is unknown. */
  writeMs: z.number().nullable(),
  guardrails: z.array(z.object({ rule: z.string(), words: z.string(), overridden: z.boolean() })),
  invalidRows: invalidRowGroups,
  notices: z.array(notice),
  /** The first writes; then the first lines of what cannot be delivered and of what asks nothing, and the first invalid rows. */
  sample: z.array(planLine),
})

/** What a Run would do now, of a draft that is not saved or of a saved Activation with changes. Nothing of it is remembered. */
export const makePlan = endpoint({
  method: 'POST', path: '/api/plans', name: 'makePlan', summary: 'The plan: what a Run would write. Nothing is sent',
  body: z.object({ name, config: activationConfig, sample: z.number().int().min(0).max(200).default(20) }), reply: plan,
})
/** What a Run of a saved Activation would do now, kept so that exactly this can be run. */
export const planActivation = endpoint({
  method: 'POST', path: '/api/activations/:activation/plans', name: 'planActivation', summary: 'The plan of a saved Activation, kept for a Run of exactly this. Nothing is sent',
  params: z.object({ activation: name }),
  body: z.object({
    allow: z.array(z.string()).default([]), sample: z.number().int().min(0).max(200).default(20),
    /** So long it is kept. */
    minutes: z.number().int().min(1).max(1440).default(60),
  }).default({ allow: [], sample: 20, minutes: 60 }),
  reply: plan.extend({ kept: z.object({ plan: z.number(), expiresAt: moment }) }), status: 201,
})
/** Whether a draft is valid, without reading its rows: every mistake with a JSON pointer into `config`. */
export const checkDraft = endpoint({
  method: 'POST', path: '/api/drafts/check', name: 'checkDraft', summary: 'Check a draft of an Activation', body: z.object({ name: name.optional(), config: activationConfig }),
  reply: z.object({ ok: z.boolean(), errors: z.array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() })) }),
})
/** Query fields that fit a Field, and what auto-mapping would choose. */
export const offerMapping = endpoint({
  method: 'POST', path: '/api/drafts/mapping', name: 'offerMapping', summary: 'Which query fields are compatible with which Target fields',
  body: z.object({ warehouse: name, query: z.string(), target: name, object: z.string(), behavior: z.string() }),
  reply: z.object({
    identifiers: z.array(z.object({ field: z.string(), columns: z.array(z.string()) })),
    fields: z.array(z.object({ field: z.string(), columns: z.array(z.string()), suggested: z.string().nullable() })),
  }),
})
