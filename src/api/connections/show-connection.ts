import type { z } from 'zod'
import type { ProjectEntry, ConnectionTrouble } from '../../store/project/project-entries.ts'
import { etagOf } from '../mount.ts'
import type { connection } from './contract.ts'
import type { Fault } from '../../model/fault.ts'

/** A saved Connection for the API: its body contains no secret. */
export function showConnection(
  entry: ProjectEntry,
  usedBy: readonly string[],
  limits: z.output<typeof connection>['limits'] = [],
): z.output<typeof connection> {
  const { type, ...config } = entry.body
  return {
    name: entry.name,
    type: String(type),
    config,
    etag: etagOf(entry.revision),
    health: healthOf(entry),
    usedBy: [...usedBy],
    updatedAt: entry.updatedAt.toISOString(),
    limits,
  }
}

function healthOf({ healthAt, trouble }: ProjectEntry): z.output<typeof connection>['health'] {
  if (healthAt === null) return { state: 'unknown', at: null, message: null, code: null, advice: null }
  const at = healthAt.toISOString()
  return trouble === null
    ? { state: 'good', at, message: null, code: null, advice: null }
    : { state: 'bad', at, ...trouble }
}

export function troubleFrom({ code, message, advice }: Fault, redact: (text: string) => string): ConnectionTrouble {
  return { code, message: redact(message), advice: advice === undefined ? null : redact(advice) }
}
