import { Command, Option } from 'commander'
import { rejectionCodes, type RejectionCode } from '../../model/outcome.ts'
import { findActivation } from '../../store/project/activations.ts'
import { makeFailuresDue } from '../../store/snapshot/write-snapshot.ts'
import { plural } from '../../model/figures.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { performRun, runExitCode, runJson } from '../perform-run.ts'
import { findInProject, loadProject, withDatabase } from '../../server/process/local-project.ts'
import { nextLines, runSummary } from '../output/runs/run-summary.ts'
import { savedConfigNotices } from '../saved-config.ts'

export const command = new Command('retry')
  .description('run an activation, and send again every record that the Target rejected before')
  .argument('<activation>', 'name of the activation in tailrace.yaml')
  .addOption(new Option('--records <reasons...>', 'only records rejected for these reasons').choices(rejectionCodes))
  .addHelpText(
    'after',
    `
Runs retry records with not-found and conflict automatically, at growing intervals, and other rejected records when their row changes.
This command retries them at once, for example after a correction in the Target. Every Run sends the records on hold (also may-exist).

Examples:
  $ tailrace retry premium-customers
  $ tailrace retry premium-customers --records not-found`,
  )
  .action(async (name: string, { records }: { records?: readonly RejectionCode[] }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const activation = await findInProject(host, await loadProject(host, globals), name)
    await withDatabase(host, globals, async (pool) => {
      const row = await findActivation(pool, name)
      const due = row === undefined ? 0 : await makeFailuresDue(pool, row.id, records)
      terminal.note(
        due === 0
          ? 'No rejected records to retry; this is a normal Run.'
          : `${plural(due, 'rejected record')} will be sent again.`,
      )
      const report = await performRun(host, globals, activation, pool, {
        notices: await savedConfigNotices(pool, globals.config, name),
      })
      if (globals.json) await terminal.json({ ...(await runJson(report, pool)), retried: due })
      else
        for (const line of [
          ...(await runSummary(report, pool, terminal.colors)),
          ...nextLines(report, configOption(globals), terminal.colors),
        ])
          await terminal.print(line)
      host.exit(runExitCode(report))
    })
  })
