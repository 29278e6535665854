import type { readConnection } from '../../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../../src/api/endpoint.ts'

/** A saved Warehouse or Target, as in the API. */
export type Connection = ReplyOf<typeof readConnection>
