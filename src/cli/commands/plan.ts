import { Command, InvalidArgumentError, Option } from 'commander'
import type { Activation } from '../../engine/activation.ts'
import { planActivation, type PlanReport } from '../../engine/plan.ts'
import { Fault } from '../../model/fault.ts'
import type { PlannedOperation } from '../../store/operations.ts'
import { configOption, globalsOf, hostOf } from '../host.ts'
import { createPlanOutput, type PlanFormat } from '../plan-output.ts'
import { planSummary } from '../plan-summary.ts'
import { createProgressDisplay } from '../progress-display.ts'
import { findInProject, portsOf, readProject, withDatabase } from '../project.ts'

interface PlanOptions {
  readonly format: PlanFormat
  readonly all?: boolean
  readonly limit?: number
}

/** So many writes are shown where nothing else was asked for. */
const shownByDefault = 50

export const command = new Command('plan')
  .description('show every write a Run would make now, and send nothing')
  .argument('<activation>', 'its name in tailrace.yaml')
  .addOption(new Option('--format <format>', 'how the writes are listed').choices(['table', 'csv', 'json']).default('table'))
  .option('--all', `list all writes (a table and --json show the first ${shownByDefault})`)
  .option('--limit <number>', 'list at most so many writes', readLimit)
  .addHelpText('after', `
With --format csv and json (one object a line) stdout holds the writes alone, all of them; the summary goes to stderr.

Examples:
  $ tailrace plan premium-customers
  $ tailrace plan premium-customers --format csv > plan.csv`)
  .action(async (name: string, options: PlanOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const activation = await findInProject(host, await readProject(host, globals), name)
    const { format } = options
    const limit = options.limit ?? (options.all === true || (format !== 'table' && !globals.json) ? Number.POSITIVE_INFINITY : shownByDefault)
    await withDatabase(host, globals, async (pool) => {
      const display = createProgressDisplay(terminal, host.now)
      const gathered: PlannedOperation[] = []
      const output = createPlanOutput(terminal, format, membersOf(activation), limit)
      const add = async (page: readonly PlannedOperation[]): Promise<void> => {
        display.end()
        host.stops.stop.throwIfAborted()
        if (globals.json) for (const operation of page.slice(0, limit - gathered.length)) gathered.push(operation)
        else await output.add(page)
      }
      host.stops.take(() => terminal.note('Stopping …'))
      const report = await planActivation(activation, portsOf(host, pool, display.show), add)
        .catch((error: unknown) => {
          throw host.stops.stop.aborted ? new Fault('cancelled', 'Stopped. Nothing was sent.', { code: 'cancelled', cause: error }) : error
        })
        .finally(() => display.end())
      if (globals.json) await terminal.json(planJson(report, gathered))
      else if (format === 'table') for (const line of planSummary(report, activation, output.shown, configOption(globals), terminal.colors)) await terminal.print(line)
      else for (const line of planSummary(report, activation, output.shown, configOption(globals), terminal.noteColors)) terminal.note(line)
    })
  })

function planJson({ activation, counts, requests, members, toCreate, writeCalls, writeMs, refusals, notices }: PlanReport, operations: readonly PlannedOperation[]): object {
  return {
    activation, counts, requests, members, toCreate, writeCalls, writeMs: writeMs ?? null, notices,
    refusals: refusals.map(({ row, key, code, column, message }) => ({ row, key, code, column, message })),
    operations: operations.map(({ key, kind, reason }) => ({ record: key, operation: kind, reason })),
  }
}

/** What is put on or taken off, as the settings name it. */
function membersOf({ object, settings }: Activation): readonly string[] {
  const named = object.members === undefined ? [] : (settings as Readonly<Record<string, unknown>>)[object.members.setting]
  return Array.isArray(named) ? named.map(String) : []
}

function readLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a number of writes, such as 200.')
  return Number(text)
}
