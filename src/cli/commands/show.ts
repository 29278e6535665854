import { Command, Option } from 'commander'
import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { countDeeds } from '../../store/deeds.ts'
import { groupFailures, groupRefusals } from '../../store/failures.ts'
import { readRefusals } from '../../store/ledger.ts'
import { findRun, type RunSummary } from '../../store/runs.ts'
import { namedFailures } from '../failure-lines.ts'
import { deedsJson } from '../deeds-json.ts'
import { configOption, globalsOf, hostOf } from '../host.ts'
import { withHistory } from '../project.ts'
import { printRecords, readRecords, type RecordChoice, type RecordFormat } from '../record-list.ts'
import { readRunNumber } from '../run-argument.ts'
import { figuresOf } from '../run-figures.ts'
import { showSummary } from '../show-summary.ts'

interface ShowOptions {
  readonly records?: RecordChoice
  readonly format: RecordFormat
}

export const command = new Command('show')
  .description('show one Run: what it did, what failed and why; or list its records')
  .argument('<run>', 'its number', readRunNumber)
  .addOption(new Option('--records <which>', 'list these records instead').choices(['failed', 'all', 'refused']))
  .addOption(new Option('--format <format>', 'how they are listed').choices(['table', 'csv']).default('table'))
  .addHelpText('after', `
Examples:
  $ tailrace show 12
  $ tailrace show 12 --records failed --format csv > failed.csv`)
  .action(async (id: number, { records, format }: ShowOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool) => {
      const run = await findRun(pool, id)
      if (run === undefined) throw new Fault('usage', `There is no Run ${id}.`, { code: 'run-not-found', advice: '"tailrace runs" lists them.' })
      if (globals.json) return await terminal.json(await showJson(pool, run, records))
      if (records !== undefined) {
        const printed = await printRecords(terminal, pool, { id, hasFields: run.mapping !== null }, records, format)
        if (printed === 0) terminal.note(`Run ${id} has no such records.`)
        return
      }
      const details = { deeds: await countDeeds(pool, id), failures: await groupFailures(pool, id, namedFailures), refusals: await groupRefusals(pool, id, namedFailures) }
      const lines = showSummary(run, details, { now: host.now(), options: configOption(globals) }, terminal.colors)
      for (const line of lines) await terminal.print(line)
    })
  })

async function showJson(pool: Pool, run: RunSummary, records: RecordChoice | undefined): Promise<object> {
  const { id, ...rest } = run
  return {
    run: id, ...rest, ...figuresOf(run), ...await deedsJson(pool, id),
    failures: await groupFailures(pool, id, namedFailures), refusals: await groupRefusals(pool, id, namedFailures),
    ...(records !== undefined && { records: records === 'refused' ? await readRefusals(pool, id) : await gathered(readRecords(pool, id, records)) }),
  }
}

async function gathered<Entry>(pages: AsyncIterable<readonly Entry[]>): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const page of pages) entries.push(...page)
  return entries
}
