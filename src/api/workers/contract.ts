import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { moment, name } from '../shared.ts'

const listedWorker = z.object({
  /** `host:pid`. */
  name: z.string(),
  kind: z.enum(['server', 'worker', 'command']), version: z.string(),
  /** Runs at a time; 0: it takes none from the queue. */
  concurrency: z.number(),
  startedAt: moment,
  /** Its last heartbeat, by the control database's clock. */
  seenAt: moment, silentMs: z.number(),
  /** False: it has given no sign of life for ten seconds, and what it holds is taken over by whoever wants it. */
  alive: z.boolean(),
  /** `run` is null where it holds an Activation without a Run, as to read back what was written. */
  holds: z.array(z.object({ activation: name, run: z.number().nullable(), alive: z.boolean() })),
})
export const listWorkers = endpoint({
  method: 'GET', path: '/api/workers', name: 'listWorkers', summary: 'Processes that work on this control database, with their last heartbeat', reply: z.object({ items: z.array(listedWorker) }),
})

export const freeActivation = endpoint({
  method: 'POST', path: '/api/activations/:activation/free', name: 'freeActivation', params: z.object({ activation: name }),
  summary: 'Take an Activation from the process that holds it; its Run ends as interrupted, and what it had in flight is unconfirmed',
  reply: z.object({
    freed: z.boolean(),
    /** Who held it. */
    from: z.string().nullable(),
    /** Runs that ended, and Records that are in doubt since. */
    runs: z.number(), unconfirmed: z.number(),
  }),
})
