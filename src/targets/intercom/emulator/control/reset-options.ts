import { z } from 'zod'
import type { IntercomEmulatorOptions } from '../options.ts'

const count = z.int().min(0)
const targetRecords = z.array(z.union([z.string(), z.int()]))

const id = z.string().min(1)
const tags = z.array(z.string().min(1)).optional()

const custom_attributes = z.record(z.string(), z.unknown()).optional()
const words = z.string().nullable().optional()
const contact = z.strictObject({
  id,
  tags,
  custom_attributes,
  external_id: id.optional(),
  email: id.optional(),
  role: z.enum(['user', 'lead']).optional(),
  name: words,
  phone: words,
  owner_id: words,
})
const company = z.strictObject({
  id: id.optional(),
  company_id: id,
  name: id.optional(),
  contacts: count.optional(),
  tags,
  custom_attributes,
})
const attribute = z.strictObject({
  model: z.enum(['contact', 'company', 'conversation']),
  name: id,
  type: z.enum(['string', 'integer', 'float', 'boolean', 'date', 'datetime']),
  options: z.array(z.string()).optional(),
  description: z.string().optional(),
  archived: z.boolean().optional(),
})

const schema = z
  .strictObject({
    contacts: z.union([count, z.array(contact)]),
    companies: z.union([count, z.array(company)]),
    conversations: z.union([count, z.array(z.strictObject({ id, tags }))]),
    tickets: count,
    leadEvery: count,
    attributes: z.array(attribute),
    checkOptions: z.boolean(),
    deletionMs: count,
    tags: z.array(z.string().min(1)),
    tagged: z.array(
      z.strictObject({
        tag: z.string().min(1),
        ...z
          .strictObject({
            contacts: targetRecords,
            companies: targetRecords,
            conversations: targetRecords,
            tickets: targetRecords,
            adminId: z.string(),
          })
          .partial().shape,
      }),
    ),
    region: z.enum(['us', 'eu', 'au']),
    timezone: z.string(),
    limit: count,
    workspaceLimit: count,
    latencyMs: count,
    indexLagMs: count,
    tokens: z.record(
      z.string(),
      z.strictObject({
        scopes: z.union([z.literal('all'), z.array(z.string())]),
        adminId: z.string().optional(),
        app: z.string().optional(),
      }),
    ),
    defaultVersion: z.string(),
    bulkAnswer: z.enum(['standard', 'bare']),
    bulkTimeoutOver: count,
    unknownPath: z.enum(['json', 'html']),
  })
  .partial()

/**
 * The body of `POST /_emulator/reset`: the emulator's options, except for its address and clock. JSON has no
 * `undefined`.
 */
export const resetOptions = schema.transform((options) => options as IntercomEmulatorOptions)
