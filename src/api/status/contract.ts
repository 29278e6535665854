import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { moment } from '../shared.ts'

export const readStatus = endpoint({
  method: 'GET',
  path: '/api/status',
  name: 'readStatus',
  summary: 'Version, health and counts of this server',
  reply: z.object({
    version: z.string(),
    startedAt: moment,
    now: moment,
    database: z.object({ kind: z.enum(['embedded', 'external']), version: z.string() }),
    /** `concurrency`: how many Runs this process works on at a time; `running`: how many it works on now. */
    worker: z.object({ id: z.string(), running: z.number(), concurrency: z.number() }),
    counts: z.object({ warehouses: z.number(), targets: z.number(), activations: z.number(), runs: z.number() }),
    /** `password`: sign in first; `local`: accepts requests from this machine only. */
    access: z.enum(['password', 'local']),
  }),
})

export const signIn = endpoint({
  method: 'POST',
  path: '/api/session',
  name: 'signIn',
  summary: "Sign in with the server's password; the session is a cookie",
  body: z.object({ password: z.string() }),
  reply: z.object({ ok: z.literal(true) }),
})

export const readSettings = endpoint({
  method: 'GET',
  path: '/api/settings',
  name: 'readSettings',
  summary: 'Settings of this server: data retention, concurrency, folders',
  reply: z.object({
    keepRunsDays: z.number(),
    concurrency: z.number(),
    home: z.string(),
    configFile: z.string().nullable(),
  }),
})
