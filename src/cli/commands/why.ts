import { Command } from 'commander'
import type { Activation } from '../../engine/activation.ts'
import { readRecordStory, type RecordStory } from '../../engine/record-story.ts'
import { plainNouns } from '../../model/noun.ts'
import { nextStep } from '../../model/words/story.ts'
import { findActivation } from '../../store/project/activations.ts'
import { findKey } from '../../store/ledger/ledger.ts'
import { foldCase } from '../../rules/identify.ts'
import { keyOfIdentity } from '../../rules/record-key.ts'
import { exchangeLines, storyLines } from '../output/records/story-lines.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import { invalidRowJson, snapshotJson, storyEntryJson } from '../output/records/record-json.ts'
import { driftJson } from '../output/verify-output.ts'
import { findInProject, unknownActivation, withHistory } from '../../server/process/local-project.ts'

export const command = new Command('why')
  .description('show the history of one record: every attempt, the answers, and the next step')
  .argument('<activation>', 'name of the activation')
  .argument('<identifier>', "the record's identifier as the query returns it, or its id in the target")
  .option('--exchanges', 'also show the requests and answers of failures, as far as they are kept')
  .addHelpText(
    'after',
    `
Exit codes: 0 shown · 1 no Run has seen this record · 2 wrong command line or tailrace.yaml.

Examples:
  $ tailrace why premium-customers 6762f0dd1bb69f9f2193bb83`,
  )
  .action(async (name: string, written: string, options: { exchanges?: true }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool, readConfig) => {
      const config = await readConfig()
      const row = await findActivation(pool, name)
      if (row === undefined && !config?.activations.has(name))
        throw unknownActivation(name, [...(config?.activations.keys() ?? [])], globals.config)
      const activation = config?.activations.has(name) === true ? await findInProject(host, config, name) : undefined
      const record =
        (row && (await findKey(pool, row.id, [written, ...otherNames(written, activation)], written))) ?? written
      const story: RecordStory = (await readRecordStory(pool, name, record, host.connectors.behaviors)) ?? {
        activation: name,
        record,
        behavior: undefined,
        plan: undefined,
        nouns: plainNouns,
        entries: [],
        invalidRows: [],
        snapshot: undefined,
        names: {},
        drift: [],
        exchanges: [],
      }
      const now = host.now()
      if (nextStep(story, now) === 'unknown') host.exit(1)
      if (globals.json) return await terminal.json(storyJson(story, now))
      const lines = storyLines(story, { now, width: terminal.width }, terminal.colors)
      for (const line of options.exchanges ? [...lines, ...exchangeLines(story.exchanges, terminal.colors)] : lines)
        await terminal.print(line)
    })
  })

/** Possible Keys of the Record: with folded case if the Target ignores case, and by the fields of fallbacks. */
function otherNames(written: string, activation: Activation | undefined): string[] {
  if (activation === undefined) return []
  const { identifier, fallbacks = [], object } = activation
  const fields = [identifier, ...fallbacks].map(({ field }) => field)
  return fields.map((field) => {
    const value = object.identifiers.some((known) => known.field === field && known.fold === true)
      ? foldCase(written)
      : written
    return keyOfIdentity(fields, { field, value })
  })
}

function storyJson(story: RecordStory, now: number): object {
  const { activation, record, behavior, entries, names, invalidRows, snapshot, drift, exchanges } = story
  return {
    activation,
    record,
    behavior,
    entries: entries.map((entry) => storyEntryJson(entry, names)),
    invalidRows: invalidRows.map(invalidRowJson),
    snapshot: snapshot === undefined ? null : snapshotJson(snapshot, names),
    drift: drift.map((each) => driftJson(each, (id) => names[id] ?? id)),
    exchanges,
    next: nextStep(story, now),
  }
}
