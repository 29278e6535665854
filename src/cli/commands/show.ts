import { withoutAbsent } from '../../model/absent-groups.ts'
import { readGroupNames } from '../../store/ledger/ledger.ts'
import { Command, Option } from 'commander'
import type { Pool } from 'pg'
import { countEffects } from '../../store/ledger/effects.ts'
import { groupFailures } from '../../store/ledger/failures.ts'
import { groupInvalidRows, readInvalidRows } from '../../store/ledger/invalid-rows.ts'
import { findRun, type RunSummary } from '../../store/runs/runs.ts'
import { namedFailures } from '../output/runs/failure-lines.ts'
import { effectsJson, figuresJson } from '../output/runs/run-figures.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { rejectFormatWithJson, readRunNumber, unknownRun } from '../arguments.ts'
import { withHistory } from '../../server/process/local-project.ts'
import { printRecords, readRecords, type RecordChoice, type RecordFormat } from '../output/records/record-list.ts'
import { invalidRowJson, outcomeJson } from '../output/records/record-json.ts'
import { showSummary } from '../output/runs/show-summary.ts'

interface ShowOptions {
  readonly records?: RecordChoice
  readonly format: RecordFormat
}

export const command = new Command('show')
  .description('show one Run: what it did, what failed and why; or list its records')
  .argument('<run>', 'number of the Run', readRunNumber)
  .addOption(
    new Option('--records <which>', 'list these records instead of the summary').choices(['failed', 'invalid', 'all']),
  )
  .addOption(new Option('--format <format>', 'format of the list').choices(['table', 'csv']).default('table'))
  .addHelpText(
    'after',
    `
Examples:
  $ tailrace show 12
  $ tailrace show 12 --records failed --format csv > failed.csv`,
  )
  .action(async (id: number, { records, format }: ShowOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    rejectFormatWithJson(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool, config) => {
      // Registers the config's secrets, so that they are redacted from here on.
      await config()
      const run = await findRun(pool, id)
      if (run === undefined) throw await unknownRun(pool, id)
      if (globals.json) return await terminal.json(await showJson(pool, run, records))
      if (records !== undefined) {
        const names = await readGroupNames(pool, run.activationId)
        const printed = await printRecords(
          terminal,
          pool,
          { id, hasFields: run.mapping !== null, nameOf: (group) => names[group] ?? group },
          records,
          format,
        )
        if (printed === 0) terminal.note(`Run ${id} has no such records.`)
        return
      }
      const details = {
        effects: await countEffects(pool, id),
        failures: await groupFailures(pool, id, namedFailures),
        invalidRows: await groupInvalidRows(pool, id, namedFailures),
      }
      const lines = showSummary(
        run,
        details,
        { now: host.now(), options: configOption(globals), width: terminal.width },
        terminal.colors,
      )
      for (const line of lines) await terminal.print(line)
    })
  })

async function showJson(pool: Pool, run: RunSummary, records: RecordChoice | undefined): Promise<object> {
  const names = await readGroupNames(pool, run.activationId)
  const { id, activationId: _inside, groups, counts: _counts, requests: _requests, ...rest } = run
  return {
    run: id,
    ...rest,
    groups: withoutAbsent(groups),
    ...figuresJson(run),
    ...(await effectsJson(pool, id)),
    failures: await groupFailures(pool, id, namedFailures),
    invalidRows: await groupInvalidRows(pool, id, namedFailures),
    ...(records !== undefined && {
      records:
        records === 'invalid'
          ? (await gathered(readInvalidRows(pool, id))).map(invalidRowJson)
          : (await gathered(readRecords(pool, id, records))).map((entry) =>
              outcomeJson(entry, (group) => names[group] ?? group),
            ),
    }),
  }
}

async function gathered<Entry>(pages: AsyncIterable<readonly Entry[]>): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const page of pages) entries.push(...page)
  return entries
}
