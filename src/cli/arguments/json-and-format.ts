import type { Command } from 'commander'
import { Fault } from '../../model/fault.ts'
import { globalsOf } from '../../server/process/host.ts'

/** With --json, stdout ends with one JSON object. A list in another format on the same stdout would break both. */
export function rejectFormatWithJson(command: Command): void {
  if (!globalsOf(command).json || command.getOptionValueSource('format') !== 'cli') return
  const format = String(command.getOptionValue('format'))
  throw new Fault('usage', `--json and --format ${format} cannot be used together.`, {
    code: 'conflicting-option',
    advice: '--json prints one object that contains the list; --format prints only the list. Use one of the two.',
  })
}
