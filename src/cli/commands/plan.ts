import { Command, InvalidArgumentError, Option } from 'commander'
import { planActivation, type Plan, type PlanReport } from '../../engine/plan-activation.ts'
import { Fault } from '../../model/fault.ts'
import type { GuardRule } from '../../rules/guardrails.ts'
import { allowOption, readDuration, rejectFormatWithJson } from '../arguments.ts'
import { exitCodeOf } from '../output/describe-error.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { invalidRowLine, shownLine, type ShownLine } from '../../engine/saved-plans/shown-line.ts'
import { checkOutputFile } from '../output/output-file.ts'
import { createPlanOutput, type PlanFormat } from '../output/plans/plan-output.ts'
import { namedKept, planSummary, blockedBy, type PlanShown } from '../output/plans/plan-summary.ts'
import { createProgressDisplay } from '../output/runs/progress-display.ts'
import { savedConfigNotices } from '../saved-config.ts'
import { findInProject, portsOf, loadProject, withDatabase } from '../../server/process/local-project.ts'
import { projectTokens } from '../../server/process/project-tokens.ts'

interface PlanCommandOptions {
  readonly format: PlanFormat
  readonly all?: boolean
  readonly limit?: number
  readonly out?: string
  readonly expires: number
  readonly allow?: readonly GuardRule[]
}

/** Number of writes shown without --limit or --all. */
const shownByDefault = 50
const hourMs = 3_600_000

export const command = new Command('plan')
  .description('show every write a Run would make now, and send nothing')
  .argument('<activation>', 'name of the activation in tailrace.yaml')
  .addOption(new Option('--format <format>', 'format of the list').choices(['table', 'csv', 'json']).default('table'))
  .option('--all', `list all writes (a table and --json show the first ${shownByDefault})`)
  .option('--limit <number>', 'list at most this many writes', readLimit)
  .option('--out <file>', 'save the plan, for "run --plan"')
  .addOption(
    new Option('--expires <duration>', 'how long a saved plan stays valid, e.g. 30m')
      .argParser(readDuration)
      .default(hourMs, '1h'),
  )
  .addOption(allowOption())
  .addHelpText(
    'after',
    `
With --format csv and json (one object per line) stdout contains only the lines of the plan: every write; every record that needs no
write (operation "skip": in-place, or external); every record that cannot be delivered now ("reject", "wait"); and every row that
cannot become a record ("reject", reason "invalid"). The last two have a code and a message. The summary goes to stderr. Whole records
have the fields to set, and the previous values where they are known.

A saved plan contains a hash, the state it was computed from, and an expiry. "run --plan" makes exactly its writes, or none if anything
has changed since. The file contains values from the query: protect it like the data.

Exit codes: 0 the plan was made · 2 wrong command line or tailrace.yaml · 3 a guardrail would block a Run of it (the plan is still
shown and saved) · 4 the plan could not be made.

Examples:
  $ tailrace plan premium-customers
  $ tailrace plan premium-customers --format csv > plan.csv
  $ tailrace plan premium-customers --out plan.json --expires 30m`,
  )
  .action(async (name: string, options: PlanCommandOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    rejectFormatWithJson(self)
    const { terminal } = host
    const { format, out, allow = [] } = options
    if (out !== undefined)
      await checkOutputFile({
        file: out,
        code: 'plan-not-written',
        option: '--out',
        isReplaced: true,
        not: globals.config,
      })
    const activation = await findInProject(host, await loadProject(host, globals), name)
    const limit =
      options.limit ??
      (options.all === true || (format !== 'table' && !globals.json) ? Number.POSITIVE_INFINITY : shownByDefault)
    await withDatabase(host, globals, async (pool) => {
      const display = createProgressDisplay(terminal, host.now)
      host.stops.take(() => terminal.note('Stopping …'))
      const show = async (plan: Plan): Promise<void> => {
        display.end()
        const expiresAt = host.now() + options.expires
        const saved = out === undefined ? undefined : { file: out, expiresAt, ...(await plan.save(out, expiresAt)) }
        const around = {
          inPlace: await plan.kept('in-place', namedKept),
          leftAlone: await plan.kept('external', namedKept),
          elsewhere: await plan.kept('wanted-elsewhere', namedKept),
          saved,
          options: configOption(globals),
        }
        if (globals.json) await terminal.json(planJson(plan.report, await gathered(plan, limit), around))
        else {
          const output = createPlanOutput(terminal, format, {
            nameOf: plan.nameOf,
            recordOf: plan.recordOf,
            limit,
            upsertsCreate: plan.report.upsertsCreate,
          })
          for await (const page of plan.lines(format === 'table' ? 'writes' : 'all')) {
            host.stops.stop.throwIfAborted()
            await output.add(page)
            if (output.isFull) break
          }
          if (format !== 'table')
            for await (const page of plan.invalidRows()) {
              await output.addLines(page.map((row) => invalidRowLine(row, plan.recordOf)))
              if (output.isFull) break
            }
          await output.end()
          const summary = (colors: typeof terminal.colors) =>
            planSummary(
              plan.report,
              activation,
              { ...around, shown: format === 'table' ? output.shown : Infinity },
              colors,
            )
          if (format === 'table') for (const line of summary(terminal.colors)) await terminal.print(line)
          else for (const line of summary(terminal.noteColors)) terminal.note(line)
        }
        if (blockedBy(plan.report).length > 0) host.exit(exitCodeOf('blocked'))
      }
      await planActivation(
        activation,
        portsOf(
          host,
          pool,
          display.show,
          projectTokens(host, globals, () => pool),
        ),
        { allow, exact: out !== undefined, notices: await savedConfigNotices(pool, globals.config, name) },
        show,
      )
        .catch((error: unknown) => {
          throw host.stops.stop.aborted
            ? new Fault('cancelled', 'Stopped. Nothing was sent.', { code: 'cancelled', cause: error })
            : error
        })
        .finally(() => display.end())
    })
  })

async function gathered(plan: Plan, limit: number): Promise<ShownLine[]> {
  const lines: ShownLine[] = []
  for await (const page of plan.lines('writes')) {
    for (const line of page.slice(0, limit - lines.length)) lines.push(shownLine(line, plan))
    if (lines.length >= limit) break
  }
  let invalid = 0
  for await (const page of plan.invalidRows()) {
    const part = page.slice(0, limit - invalid)
    lines.push(...part.map((row) => invalidRowLine(row, plan.recordOf)))
    invalid += part.length
    if (invalid >= limit) break
  }
  return lines
}

function planJson(
  report: PlanReport,
  operations: readonly ShownLine[],
  { inPlace, leftAlone, elsewhere, saved }: Omit<PlanShown, 'shown'>,
): object {
  const {
    activation,
    counts: { leftAlone: _inLines, ...counts },
    requests,
    groups,
    toCreate,
    lines,
    values,
    undeliverable,
    fanOut,
    writeCalls,
    writeMs,
    invalidRows,
    timezone,
    notices,
    violations,
  } = report
  return {
    activation,
    counts,
    requests,
    groups,
    toCreate,
    lines,
    values,
    undeliverable,
    ...(fanOut !== undefined && { fanOut: fanOutJson(fanOut) }),
    writeCalls,
    writeMs: writeMs ?? null,
    ...(timezone !== undefined && { timezone }),
    notices,
    guardrails: violations,
    invalidRows: invalidRows.map(({ code, column, count, first }) => ({
      code,
      column,
      count,
      first: first.map(({ key, row, message }) => ({ record: key, row, message })),
    })),
    operations,
    inPlace,
    leftAlone,
    elsewhere,
    ...(saved !== undefined && { saved: { ...saved, expiresAt: new Date(saved.expiresAt).toISOString() } }),
  }
}

function fanOutJson({ records, targetRecords, widest }: NonNullable<PlanReport['fanOut']>): object {
  return { records, things: targetRecords, widest: widest.map(({ key, targetRecords: things }) => ({ key, things })) }
}

function readLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a number of writes, such as 200.')
  return Number(text)
}
