import { Command, Option } from 'commander'
import { rejectionCodes, type RejectionCode } from '../../model/outcome.ts'
import { findActivation } from '../../store/project/activations.ts'
import { makeFailuresDue } from '../../store/snapshot/retry.ts'
import { plural } from '../../model/figures.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { performRun, runExitCode, runJson } from '../perform-run.ts'
import { findInProject, loadProject, withDatabase } from '../../server/process/local-project.ts'
import { nextLines, runSummary } from '../output/runs/run-summary.ts'
import { savedConfigNotices } from '../saved-config.ts'

export const command = new Command('retry')
  .description('run an activation, and ask again for every record that the Target rejected before')
  .argument('<activation>', 'its name in tailrace.yaml')
  .addOption(new Option('--records <reasons...>', 'only those rejected for these reasons').choices(rejectionCodes))
  .addHelpText('after', `
A Run asks again by itself for records that were not found, ever more rarely, and for the others when their row changes. This asks
at once, as after a mistake in the Target was put right. What is on hold (also as may-exist) is sent by every Run.

Examples:
  $ tailrace retry premium-customers
  $ tailrace retry premium-customers --records not-found`)
  .action(async (name: string, { records }: { records?: readonly RejectionCode[] }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const activation = await findInProject(host, await loadProject(host, globals), name)
    await withDatabase(host, globals, async (pool) => {
      const row = await findActivation(pool, name)
      const due = row === undefined ? 0 : await makeFailuresDue(pool, row.id, records)
      terminal.note(due === 0 ? 'No record was rejected before; this is a Run like any other.' : `${plural(due, 'rejected record')} will be asked for again.`)
      const report = await performRun(host, activation, pool, { notices: await savedConfigNotices(pool, globals.config, name) })
      if (globals.json) await terminal.json({ ...await runJson(report, pool), retried: due })
      else for (const line of [...await runSummary(report, pool, terminal.colors), ...nextLines(report, configOption(globals), terminal.colors)]) await terminal.print(line)
      host.exit(runExitCode(report))
    })
  })
