import { Command } from 'commander'
import { nextStep, readRecordStory, type RecordStory } from '../../engine/record-story.ts'
import { findActivation } from '../../store/activations.ts'
import { globalsOf, hostOf } from '../host.ts'
import { unknownActivation, withHistory } from '../project.ts'
import { storyLines } from '../record-story.ts'

export const command = new Command('why')
  .description('tell one record\'s whole story: every attempt, the answer, and what comes next')
  .argument('<activation>', 'its name')
  .argument('<identifier>', 'the record\'s identifier, exactly as the query returns it')
  .addHelpText('after', `
Examples:
  $ tailrace why premium-customers 6762f0dd1bb69f9f2193bb83`)
  .action(async (name: string, record: string, _options: unknown, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool, config) => {
      const row = await findActivation(pool, name)
      if (row === undefined && !config?.activations.has(name)) throw unknownActivation(name, [...config?.activations.keys() ?? []], globals.config)
      const story: RecordStory = await readRecordStory(pool, name, record)
        ?? { activation: name, record, behavior: undefined, writesThings: false, entries: [], refusals: [], snapshot: undefined, names: {} }
      const now = host.now()
      if (globals.json) return await terminal.json({ ...story, snapshot: story.snapshot ?? null, drift: story.drift ?? null, next: nextStep(story, now) })
      for (const line of storyLines(story, now, terminal.colors)) await terminal.print(line)
    })
  })
