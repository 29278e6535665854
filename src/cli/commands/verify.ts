import { Command, Option } from 'commander'
import { verifyActivation, type VerifyReport } from '../../engine/verify.ts'
import { Fault } from '../../model/fault.ts'
import { notice } from '../../model/notice.ts'
import { nounsOf } from '../../model/noun.ts'
import { noneVerified } from '../../model/observed.ts'
import { findActivation } from '../../store/project/activations.ts'
import { groupNames, readDrift, type DriftEntry } from '../../store/snapshot/drift.ts'
import { count } from '../../model/figures.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { rejectFormatWithJson } from '../arguments.ts'
import { findInProject, portsOf, loadProject, withDatabase } from '../../server/process/local-project.ts'
import { projectTokens } from '../../server/process/project-tokens.ts'
import { driftJson, driftList, verifySummary } from '../output/verify-output.ts'

interface VerifyOptions {
  readonly repair?: boolean
  readonly records?: 'drift'
  readonly format: 'table' | 'csv'
}

/** Number of Records shown without --records. */
const shownByDefault = 10
const pageSize = 2000

export const command = new Command('verify')
  .description('read back what an activation wrote, and report what was changed since')
  .argument('<activation>', 'name of the activation in tailrace.yaml')
  .option('--repair', 'let the next Run repair what is missing (also for an activation with drift: report)')
  .addOption(new Option('--records <which>', 'list all of these records').choices(['drift']))
  .addOption(new Option('--format <format>', 'format of the list').choices(['table', 'csv']).default('table'))
  .addHelpText(
    'after',
    `
Writes nothing to the target. A record that the target's index shows as Tailrace wrote it counts as confirmed. All other records are read
one by one. The index lags a few minutes, so verify can miss changes of the last few minutes.

With --records stdout contains only the list; the summary goes to stderr.

Exit codes: 0 all confirmed · 1 some were changed, or could not be read · 2 wrong command line or tailrace.yaml · 4 failed.

Examples:
  $ tailrace verify premium-customers
  $ tailrace verify premium-customers --records drift --format csv > drift.csv
  $ tailrace verify premium-customers --repair && tailrace run premium-customers`,
  )
  .action(async (name: string, { repair, records, format }: VerifyOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    rejectFormatWithJson(self)
    const { terminal } = host
    const activation = await findInProject(host, await loadProject(host, globals), name)
    await withDatabase(host, globals, async (pool) => {
      host.stops.take(() => terminal.note('Stopping …'))
      const report =
        (await verifyActivation(
          activation,
          portsOf(
            host,
            pool,
            () => undefined,
            projectTokens(host, globals, () => pool),
          ),
          {
            repair: repair === true || activation.drift === 'repair',
            onProgress: (checked, of) => terminal.live(`reading back: ${count(checked)} of ${count(of)} records`),
          },
        )
          .catch((error: unknown) => {
            throw host.stops.stop.aborted
              ? new Fault('cancelled', 'Stopped. Nothing was changed in the target.', {
                  code: 'cancelled',
                  cause: error,
                })
              : error
          })
          .finally(() => terminal.live(undefined))) ?? untried(name)
      const { missing, pending } = report.verified
      host.exit(missing + pending > 0 ? 1 : 0)
      const row = await findActivation(pool, name)
      const names = row === undefined ? new Map<string, string>() : await groupNames(pool, row.id)
      const nameOf = (group: string): string => names.get(group) ?? group
      const named = { nameOf, nouns: nounsOf(activation.object) }
      const pages = row === undefined ? [] : readDrift(pool, row.id, pageSize)
      if (globals.json) {
        const drift = await firstOf(pages, records === undefined ? shownByDefault : Number.POSITIVE_INFINITY)
        return await terminal.json(
          verifyJson(
            report,
            drift.map((entry) => driftJson(entry, nameOf)),
          ),
        )
      }
      if (records === undefined) {
        for (const line of verifySummary(
          report,
          await firstOf(pages, shownByDefault),
          named,
          { options: configOption(globals), width: terminal.width },
          terminal.colors,
        ))
          await terminal.print(line)
        return
      }
      let isFirst = true
      for await (const page of pages) {
        if (terminal.readerGone) break
        await terminal.write(
          driftList(page, format, isFirst, nameOf, { dim: terminal.colors.dim, width: terminal.width }),
        )
        isFirst = false
      }
      if (isFirst && format === 'csv') await terminal.write(driftList([], format, true, nameOf, terminal.colors))
      for (const line of verifySummary(
        report,
        [],
        named,
        { options: configOption(globals), width: terminal.width },
        terminal.noteColors,
      ))
        terminal.note(line)
    })
  })

/** The report of an Activation that never ran. */
function untried(activation: string): VerifyReport {
  return {
    activation,
    verified: noneVerified,
    synced: 0,
    due: 0,
    requests: { read: 0, write: 0 },
    durationMs: 0,
    notices: [notice('never-run', 'The activation has not run yet, so there is nothing to read back.')],
  }
}

function verifyJson(
  { activation, verified, synced, due, requests, durationMs, notices }: VerifyReport,
  drift: readonly object[],
): object {
  return { activation, ...verified, synced, due, requests, durationMs, notices, drift }
}

async function firstOf(
  pages: AsyncIterable<readonly DriftEntry[]> | Iterable<readonly DriftEntry[]>,
  limit: number,
): Promise<DriftEntry[]> {
  const first: DriftEntry[] = []
  for await (const page of pages) {
    for (const entry of page.slice(0, limit - first.length)) first.push(entry)
    if (first.length >= limit) break
  }
  return first
}
