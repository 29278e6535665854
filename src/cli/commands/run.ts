import { Command } from 'commander'
import { readPlanFile } from '../../engine/saved-plans/plan-file.ts'
import type { GuardRule } from '../../rules/guardrails.ts'
import { allowOption, readCount, readDuration } from '../arguments.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { performRun, runExitCode, runJson } from '../perform-run.ts'
import { findInProject, loadProject, withDatabase } from '../../server/process/local-project.ts'
import { nextLines, runSummary } from '../output/runs/run-summary.ts'
import { savedConfigNotices } from '../saved-config.ts'

interface RunOptions {
  readonly timeLimit?: number
  readonly plan?: string
  readonly allow?: readonly GuardRule[]
  readonly canary?: number
}

export const command = new Command('run')
  .description('run an activation: read the query, send the changes, record every result')
  .argument('<activation>', 'name of the activation in tailrace.yaml')
  .option(
    '--time-limit <duration>',
    "stop safely after this long, e.g. 30s, 15m, 6h (default: the activation's timeLimit)",
    readDuration,
  )
  .option('--plan <file>', 'make exactly the writes of this saved plan, or none if anything has changed since')
  .option(
    '--canary <number>',
    'write this many records first, read them back, and continue only if all are as planned',
    readCount,
  )
  .addOption(allowOption())
  .addHelpText(
    'after',
    `
Ctrl-C once stops safely: requests in flight are finished and recorded. Twice stops at once.

A guardrail blocks a Run that would change too much before its first write. A saved plan that no longer holds blocks the Run as well.
--allow overrides guardrails for one Run, and is recorded with it; a saved plan contains the overrides it was made with.

Exit codes: 0 done, or nothing to do · 1 ended, but not everything is in place (rejected, invalid, on hold, unconfirmed, deferred,
cancelled) · 2 wrong command line or tailrace.yaml · 3 nothing was written: a guardrail, or a plan that no longer holds · 4 the Run
failed · 5 stopped by a guardrail or the canary after writes.

Examples:
  $ tailrace run premium-customers
  $ tailrace run premium-customers --plan plan.json
  $ tailrace run premium-customers --allow adds
  $ tailrace run premium-customers --canary 10
  $ tailrace run premium-customers --json | tail -1 | jq .counts`,
  )
  .action(async (name: string, { timeLimit, plan: planFile, allow = [], canary }: RunOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const activation = await findInProject(host, await loadProject(host, globals), name)
    const plan = planFile === undefined ? undefined : await readPlanFile(planFile, name, host.now())
    const limited = timeLimit === undefined ? activation : { ...activation, timeLimitMs: timeLimit }
    await withDatabase(host, globals, async (pool) => {
      const notices = await savedConfigNotices(pool, globals.config, name)
      const report = await performRun(host, globals, limited, pool, {
        allow,
        canary,
        notices,
        ...(plan !== undefined && { plan }),
      })
      if (globals.json) await terminal.json(await runJson(report, pool))
      else {
        const lines = [
          ...(await runSummary(report, pool, terminal.colors)),
          ...nextLines(
            report,
            configOption(globals),
            terminal.colors,
            planFile === undefined
              ? undefined
              : { command: `plan ${name}`, does: 'the remaining records need a new plan' },
          ),
        ]
        for (const line of lines) await terminal.print(line)
      }
      host.exit(runExitCode(report))
    })
  })
