import type { Fault } from '../../model/fault.ts'
import type { Trouble } from '../../store/project/project-entries.ts'

export function troubleFrom({ code, message, advice }: Fault, redact: (text: string) => string): Trouble {
  return { code, message: redact(message), advice: advice === undefined ? null : redact(advice) }
}
