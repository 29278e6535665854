import { Command } from 'commander'
import type { Activation } from '../../engine/activation.ts'
import { nextStep, readRecordStory, type RecordStory } from '../../engine/record-story.ts'
import { findActivation } from '../../store/activations.ts'
import { findKey } from '../../store/ledger.ts'
import { foldCase } from '../../sync/identify.ts'
import { exchangeLines } from '../exchange-lines.ts'
import { globalsOf, hostOf } from '../host.ts'
import { findInProject, unknownActivation, withHistory } from '../project.ts'
import { storyLines } from '../record-story.ts'

export const command = new Command('why')
  .description('tell one record\'s whole story: every attempt, the answer, and what comes next')
  .argument('<activation>', 'its name')
  .argument('<identifier>', 'the record\'s identifier as the query returns it, or the thing\'s own id in the target')
  .option('--exchanges', 'with what was asked and answered where it failed, as far as it is kept')
  .addHelpText('after', `
Examples:
  $ tailrace why premium-customers 6762f0dd1bb69f9f2193bb83`)
  .action(async (name: string, written: string, options: { exchanges?: true }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool, config) => {
      const row = await findActivation(pool, name)
      if (row === undefined && !config?.activations.has(name)) throw unknownActivation(name, [...config?.activations.keys() ?? []], globals.config)
      const activation = config?.activations.has(name) === true ? await findInProject(host, config, name) : undefined
      const record = (row && await findKey(pool, row.id, [written, ...otherNames(written, activation)], written)) ?? written
      const story: RecordStory = await readRecordStory(pool, name, record)
        ?? { activation: name, record, behavior: undefined, writesThings: false, entries: [], refusals: [], snapshot: undefined, names: {}, exchanges: [] }
      const now = host.now()
      if (globals.json) return await terminal.json({ ...story, snapshot: story.snapshot ?? null, drift: story.drift ?? null, next: nextStep(story, now) })
      const lines = storyLines(story, now, terminal.colors)
      for (const line of options.exchanges ? [...lines, ...exchangeLines(story.exchanges, terminal.colors)] : lines) await terminal.print(line)
    })
  })

/** What the Record may go by: without regard to case where the Target has none, and by a fall-back's field. */
function otherNames(written: string, activation: Activation | undefined): string[] {
  if (activation === undefined) return []
  const { identifier, fallbacks = [], object } = activation
  return [identifier, ...fallbacks].map(({ field }, index) => {
    const value = object.identifiers.some((known) => known.field === field && known.fold === true) ? foldCase(written) : written
    return index === 0 ? value : `${field}:${value}`
  })
}
