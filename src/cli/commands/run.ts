import { Command, InvalidArgumentError } from 'commander'
import { parseDuration } from '../../config/duration.ts'
import { configOption, globalsOf, hostOf } from '../host.ts'
import { performRun, runExitCode, runJson } from '../perform-run.ts'
import { findInProject, readProject, withDatabase } from '../project.ts'
import { nextLines, runSummary } from '../run-summary.ts'

export const command = new Command('run')
  .description('run an activation: read the query, send what is new, prove what landed')
  .argument('<activation>', 'its name in tailrace.yaml')
  .option('--time-limit <duration>', 'stop safely after this long, e.g. 30s, 15m, 6h (default: the activation\'s timeLimit)', readDuration)
  .addHelpText('after', `
Ctrl-C once stops safely: what is in flight is finished and written down. Twice stops at once.

Exit codes: 0 done, or nothing to do · 1 done, but some records failed (or it was stopped) · 2 wrong command line or
tailrace.yaml · 3 refused by a guardrail · 4 the Run failed.

Examples:
  $ tailrace run premium-customers
  $ tailrace run premium-customers --json | tail -1 | jq .counts`)
  .action(async (name: string, { timeLimit }: { timeLimit?: number }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const activation = await findInProject(host, await readProject(host, globals), name)
    const limited = timeLimit === undefined ? activation : { ...activation, timeLimitMs: timeLimit }
    await withDatabase(host, globals, async (pool) => {
      const report = await performRun(host, limited, pool)
      if (globals.json) await terminal.json(runJson(report))
      else {
        const lines = [...await runSummary(report, pool, terminal.colors), ...nextLines(report, configOption(globals), terminal.colors)]
        for (const line of lines) await terminal.print(line)
      }
      host.exit(runExitCode(report))
    })
  })

function readDuration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Write a length of time such as 30s, 15m or 6h.')
  return ms
}
