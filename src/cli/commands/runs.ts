import { Command, InvalidArgumentError } from 'commander'
import { findActivation } from '../../store/project/activations.ts'
import { listRuns, type RunSummary } from '../../store/runs/runs.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { unknownActivation, withHistory } from '../../server/process/local-project.ts'
import { figuresJson } from '../output/runs/run-figures.ts'
import { runTable } from '../output/runs/run-table.ts'

interface RunsOptions {
  readonly limit: number
  readonly before?: number
}

export const command = new Command('runs')
  .description('list Runs, newest first')
  .argument('[activation]', 'only Runs of this activation')
  .option('--limit <number>', 'list at most this many Runs', readNumber, 20)
  .option('--before <run>', 'only Runs before this one', readNumber)
  .addHelpText(
    'after',
    `
Examples:
  $ tailrace runs
  $ tailrace runs premium-customers --limit 5`,
  )
  .action(async (name: string | undefined, { limit, before }: RunsOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool, config) => {
      if (name !== undefined && (await findActivation(pool, name)) === undefined) {
        const known = [...((await config())?.activations.keys() ?? [])]
        if (!known.includes(name)) throw unknownActivation(name, known, globals.config)
      }
      // One extra row shows whether there are more.
      const found = await listRuns(pool, { activation: name, before, limit: limit + 1 })
      const runs = found.slice(0, limit)
      const next = found.length > limit ? runs.at(-1)?.id : undefined
      // A Fault should contain no secret. Reading the config also registers its known secrets for redaction.
      if (globals.json && runs.some(({ fault }) => fault !== null)) await config()
      if (globals.json) return await terminal.json({ runs: runs.map(runJson), next: next ?? null })
      if (runs.length === 0)
        return await terminal.print(before === undefined ? 'No Runs yet.' : `No Runs before ${before}.`)
      for (const line of runTable(runs, host.now(), terminal)) await terminal.print(line)
      if (next !== undefined)
        await terminal.print(
          terminal.colors.dim(
            `… older ones: tailrace runs${name === undefined ? '' : ` ${name}`} --before ${next}${configOption(globals)}`,
          ),
        )
    })
  })

function runJson(run: RunSummary): object {
  const { id, activation, status, startedAt, finishedAt, fault } = run
  return { run: id, activation, status, startedAt, finishedAt, ...figuresJson(run), ...(fault && { fault }) }
}

function readNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1.')
  return Number(text)
}
