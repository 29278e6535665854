import { Command } from 'commander'
import { findActivation } from '../../store/activations.ts'
import { readDriftOf } from '../../store/drift.ts'
import { readMemberNames, readRefusalsOf, readSnapshotEntry, readStory } from '../../store/ledger.ts'
import { globalsOf, hostOf } from '../host.ts'
import { unknownActivation, withHistory } from '../project.ts'
import { nextStep, storyLines, type RecordStory } from '../record-story.ts'

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
      const story: RecordStory = {
        activation: name, record, behavior: row?.frozen?.behavior, writesThings: row?.frozen?.members.length === 0,
        entries: row === undefined ? [] : await readStory(pool, row.id, record),
        refusals: row === undefined ? [] : await readRefusalsOf(pool, row.id, record),
        snapshot: row && await readSnapshotEntry(pool, row.id, record),
        names: row === undefined ? {} : await readMemberNames(pool, row.id),
        drift: row && await readDriftOf(pool, row.id, record),
      }
      const now = host.now()
      if (globals.json) return await terminal.json({ ...story, snapshot: story.snapshot ?? null, drift: story.drift ?? null, next: nextStep(story, now) })
      for (const line of storyLines(story, now, terminal.colors)) await terminal.print(line)
    })
  })
