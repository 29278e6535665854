import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { moment, name } from '../shared.ts'

const listedWorker = z.object({
  /** `host:pid`. */
  name: z.string(),
  kind: z.enum(['server', 'worker', 'command']),
  version: z.string(),
  /** Maximum number of concurrent Runs; 0: it takes none from the queue. */
  concurrency: z.number(),
  startedAt: moment,
  /** Last heartbeat, by the control database's clock. */
  seenAt: moment,
  silentMs: z.number(),
  /** False: no heartbeat within the limit (`overAfterMs`), so other processes may take over its leases. */
  alive: z.boolean(),
  /** Leases. `run` is null if the process holds the Activation without a Run, such as for verify. */
  holds: z.array(z.object({ activation: name, run: z.number().nullable(), alive: z.boolean() })),
})
export const listWorkers = endpoint({
  method: 'GET',
  path: '/api/workers',
  name: 'listWorkers',
  summary: 'Processes that work on this control database, with their last heartbeat',
  reply: z.object({ items: z.array(listedWorker) }),
})

export const freeActivation = endpoint({
  method: 'POST',
  path: '/api/activations/:activation/free',
  name: 'freeActivation',
  params: z.object({ activation: name }),
  summary:
    'Free an Activation from the process that holds it; its Run ends as interrupted, and Records in flight are unconfirmed',
  reply: z.object({
    freed: z.boolean(),
    /** The process that held the lease. */
    from: z.string().nullable(),
    /** Runs that ended, and Records that became unconfirmed. */
    runs: z.number(),
    unconfirmed: z.number(),
  }),
})
