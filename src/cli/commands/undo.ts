import { Command, Option } from 'commander'
import type { Pool } from 'pg'
import type { Activation } from '../../engine/activation.ts'
import { undoRun, type UndoPlan } from '../../engine/undo.ts'
import { Fault } from '../../model/fault.ts'
import { nounsOf } from '../../model/noun.ts'
import { undoDeeds, undoWrites } from '../../model/words/undo-words.ts'
import { noCounts } from '../../model/run.ts'
import { readOperations, writingKinds } from '../../store/plans/operations.ts'
import { findRun } from '../../store/runs/runs.ts'
import { ask, canAsk } from '../ask.ts'
import { configOption, globalsOf, hostOf, type Host } from '../../server/process/host.ts'
import { rejectFormatWithJson, readRunNumber, unknownRun } from '../arguments.ts'
import { figuresJson } from '../output/runs/run-figures.ts'
import { runExitCode, runJson, stoppably } from '../perform-run.ts'
import { namesRecords, shownLine, type ShownLine } from '../../engine/saved-plans/shown-line.ts'
import { createPlanOutput, type PlanFormat } from '../output/plans/plan-output.ts'
import { findInProject, loadProject, withDatabase } from '../../server/process/local-project.ts'
import { nextLines, runSummary } from '../output/runs/run-summary.ts'
import { undoLines } from '../output/plans/undo-lines.ts'

interface UndoOptions {
  readonly planOnly?: boolean
  readonly yes?: boolean
  readonly all?: boolean
  readonly format: PlanFormat
}

/** Number of writes shown without --all. */
const shownByDefault = 10

export const command = new Command('undo')
  .description('undo a Run: only what it changed and no one has changed since')
  .argument('<run>', 'number of the Run', readRunNumber)
  .option('--plan-only', 'show the writes of the undo, and send nothing')
  .option('--yes', 'do not ask for confirmation')
  .option('--all', `list all writes (default: the first ${shownByDefault})`)
  .addOption(new Option('--format <format>', 'format of the list').choices(['table', 'csv', 'json']).default('table'))
  .addHelpText(
    'after',
    `
Reads each target record that the Run changed, shows the writes, and asks for confirmation. Without a terminal, --yes is required. An
undo is a Run of its own, so it can be undone as well. Workflows and messages that a tag or a change triggered cannot be undone, and
deleted records cannot be restored.

Exit codes: 0 done, or nothing to undo · 1 done, but some records failed (or declined at the prompt) · 2 wrong command line ·
3 not confirmed, nothing written · 4 failed.

Examples:
  $ tailrace undo 12 --plan-only
  $ tailrace undo 12
  $ tailrace undo 12 --yes --json | tail -1 | jq .counts`,
  )
  .action(async (id: number, options: UndoOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    rejectFormatWithJson(self)
    const { terminal } = host
    const config = await loadProject(host, globals)
    await withDatabase(host, globals, async (pool) => {
      const undone = await findRun(pool, id)
      if (undone === undefined) throw await unknownRun(pool, id)
      const activation = await findInProject(host, config, undone.activation)
      let plan: UndoPlan | undefined
      let declined = false
      const report = await stoppably(host, globals, pool, 'always', (ports, endProgress) =>
        undoRun(
          activation,
          ports,
          undone,
          async (made) => {
            plan = made
            endProgress()
            if (!globals.json || options.planOnly === true)
              await show(host, pool, activation, made, { ...options, json: globals.json })
            if (options.planOnly === true || undoWrites(made) === 0) return false
            if (options.yes === true) return true
            if (!canAsk(terminal)) {
              throw new Fault('blocked', `Run ${id} was not undone: there is no terminal to ask for confirmation.`, {
                code: 'undo-unconfirmed',
                advice: `Check "tailrace undo ${id} --plan-only", then add --yes.`,
              })
            }
            const isMeant = await ask(
              `Undo Run ${id}: ${undoDeeds(made, nounsOf(activation.object))}?`,
              host.stops.stop,
            )
            declined = !isMeant
            return isMeant
          },
          { isPreview: options.planOnly === true },
        ),
      )
      if (report !== undefined) {
        if (globals.json) await terminal.json({ ...(await runJson(report, pool)), undoes: id })
        else
          for (const line of [
            ...(await runSummary(report, pool, terminal.colors)),
            ...nextLines(report, configOption(globals), terminal.colors, {
              command: `undo ${id}`,
              does: 'undoes the rest',
            }),
          ])
            await terminal.print(line)
        return host.exit(runExitCode(report))
      }
      if (declined) await terminal.print('Nothing was sent.')
      else if (globals.json && options.planOnly !== true && plan !== undefined) {
        await terminal.json({
          run: null,
          activation: activation.name,
          status: 'shelved',
          ...figuresJson({ counts: noCounts, requests: {} }),
          undoes: id,
          plan: figuresOf(plan),
        })
      }
      host.exit(declined ? 1 : 0)
    })
  })

async function show(
  host: Host,
  pool: Pool,
  activation: Activation,
  plan: UndoPlan,
  { all, planOnly, format, json }: UndoOptions & { json: boolean },
): Promise<void> {
  const { terminal } = host
  const isList = planOnly === true && format !== 'table' && !json
  const limit = all === true || isList ? Number.POSITIVE_INFINITY : shownByDefault
  const names = new Map(plan.groups.map(({ name, id }) => [id, name]))
  const nameOf = (group: string): string => names.get(group) ?? group
  const recordOf = namesRecords(activation)
  const output = createPlanOutput(terminal, isList ? format : 'table', { nameOf, recordOf, limit })
  const gathered: ShownLine[] = []
  for await (const page of readOperations(pool, plan.run, { lines: plan.lines, pageSize: 2000, kinds: writingKinds })) {
    if (json)
      gathered.push(...page.slice(0, limit - gathered.length).map((line) => shownLine(line, { nameOf, recordOf })))
    else await output.add(page)
    if (json ? gathered.length >= limit : output.isFull) break
  }
  if (json)
    return await terminal.json({
      activation: activation.name,
      undoes: plan.undoes,
      ...figuresOf(plan),
      operations: gathered,
    })
  const words = {
    activation: activation.name,
    nouns: nounsOf(activation.object),
    shown: output.shown,
  }
  if (isList) for (const line of undoLines(plan, words, terminal.noteColors)) terminal.note(line)
  else for (const line of undoLines(plan, words, terminal.colors)) await terminal.print(line)
}

function figuresOf({
  removes,
  adds,
  updates,
  discards,
  restores,
  cannotRestore,
  nothingToDo,
  external,
  elsewhere,
  later,
  laterRun,
  stateUnknown,
  groups,
  notices,
}: UndoPlan): object {
  return {
    removes,
    adds,
    updates,
    discards,
    restores,
    cannotRestore,
    nothingToDo,
    external,
    elsewhere,
    later,
    laterRun,
    stateUnknown,
    groups,
    notices,
  }
}
