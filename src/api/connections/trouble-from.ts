import type { Fault } from '../../model/fault.ts'
import type { ConnectionTrouble } from '../../store/project/project-entries.ts'

export function troubleFrom({ code, message, advice }: Fault, redact: (text: string) => string): ConnectionTrouble {
  return { code, message: redact(message), advice: advice === undefined ? null : redact(advice) }
}
