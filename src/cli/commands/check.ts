import { withProjectTokens } from '../../server/process/project-tokens.ts'
import { Command } from 'commander'
import {
  activationLines,
  databaseLines,
  isUsable,
  longLines,
  targetLines,
  warehouseLines,
} from '../output/check-lines.ts'
import {
  checkProject,
  tryDatabase,
  type ActivationFinding,
  type CheckListener,
  type TargetFinding,
  type WarehouseFinding,
} from '../check-project.ts'
import { describeFault, exitCodeOf as exitCodeOfKind } from '../output/describe-error.ts'
import { count, plural } from '../../model/figures.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { loadProject, unknownActivation } from '../../server/process/local-project.ts'
import type { Colors } from '../../server/process/terminal.ts'

/** Up to this many activations are listed one by one. */
const listedAlways = 20

export const command = new Command('check')
  .description(
    'validate tailrace.yaml; test every connection, permission, query and tag in it, and the control database of DATABASE_URL',
  )
  .argument('[activations...]', 'check only these, and the connections that they use')
  .option(
    '--all',
    `list every activation (of more than ${listedAlways}, only those with problems or notices are listed)`,
  )
  .addHelpText(
    'after',
    `
Changes nothing, reads no rows, and continues after failures.

Exit codes: 0 no problems · 2 tailrace.yaml, a query or a tag is wrong · 4 a connection failed.

Examples:
  $ tailrace check
  $ tailrace check premium-customers
  $ tailrace check --config staging.yaml --json`,
  )
  .action(async (names: readonly string[], { all = false }: { all?: boolean }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const warehouses: WarehouseFinding[] = []
    const targets: TargetFinding[] = []
    const activations: ActivationFinding[] = []
    const print = async (lines: readonly string[]): Promise<void> => {
      if (!globals.json) for (const line of lines) await terminal.print(line)
    }
    const config = await loadProject(host, globals)
    for (const name of names)
      if (!config.activations.has(name)) throw unknownActivation(name, [...config.activations.keys()], globals.config)
    const total = names.length > 0 ? new Set(names).size : config.activations.size
    const isLong = total > listedAlways && !all
    await print([`${terminal.colors.green('✓')} ${globals.config}: valid`])
    const database = await tryDatabase(host)
    if (database !== undefined) await print(databaseLines(database, terminal.colors))
    const listener: CheckListener = {
      async warehouse(finding) {
        warehouses.push(finding)
        await print(warehouseLines(finding, terminal.colors))
      },
      async target(finding) {
        targets.push(finding)
        await print(targetLines(finding, terminal.colors))
      },
      async activation(finding) {
        activations.push(finding)
        if (isLong) terminal.live(`checking: ${count(activations.length)} of ${plural(total, 'activation')}`)
        else await print(activationLines(finding, terminal.colors))
      },
    }
    await withProjectTokens(host, globals, (tokens) => checkProject(host, config, names, tokens, listener))
    terminal.live(undefined)
    if (isLong) await print(longLines(activations, terminal.colors))
    const exit =
      database?.fault === undefined ? exitCodeOf(warehouses, targets, activations) : exitCodeOfKind(database.fault.kind)
    host.exit(exit)
    if (globals.json) {
      await terminal.json({
        ok: exit === 0,
        file: config.file,
        ...(database !== undefined && {
          database: {
            ok: database.fault === undefined,
            ...database,
            ...(database.fault && { fault: describeFault(database.fault) }),
          },
        }),
        warehouses: warehouses.map(asJson),
        targets: targets.map(asJson),
        activations: activations.map(({ faults, groups, ...rest }) => ({
          ...rest,
          members: groups,
          faults: faults.map(describeFault),
        })),
      })
      return
    }
    await print([
      '',
      ...nextLines(
        exit,
        [...warehouses, ...targets, ...activations].filter(hasTrouble).length + (database?.fault === undefined ? 0 : 1),
        activations,
        configOption(globals),
        terminal.colors,
      ),
    ])
  })

/** Suggests the next step: correct a failure, or plan an activation. */
function nextLines(
  exit: number,
  failed: number,
  activations: readonly ActivationFinding[],
  options: string,
  { red, cyan, dim }: Colors,
): string[] {
  const [troubled] = activations.filter(hasTrouble)
  const [well] = activations
  if (exit !== 0)
    return [
      red(`${plural(failed, 'check')} failed`),
      ...(troubled === undefined
        ? []
        : [`${cyan('→')} tailrace check ${troubled.name}${options}   ${dim('# check this one again after the fix')}`]),
    ]
  return well === undefined
    ? ['No problems found. There is no activation yet.']
    : [`${cyan('→')} tailrace plan ${well.name}${options}   ${dim('# shows every write, sends nothing')}`]
}

function isTarget(finding: WarehouseFinding | TargetFinding): finding is TargetFinding {
  return !('notices' in finding)
}

function hasTrouble(finding: WarehouseFinding | TargetFinding | ActivationFinding): boolean {
  if ('faults' in finding) return finding.faults.length > 0
  return isTarget(finding) ? !isUsable(finding) : finding.fault !== undefined
}

/** A failed connection takes precedence, because checks that depend on it are incomplete. */
function exitCodeOf(
  warehouses: readonly WarehouseFinding[],
  targets: readonly TargetFinding[],
  activations: readonly ActivationFinding[],
): 0 | 2 | 4 {
  const faults = activations.flatMap((finding) => finding.faults)
  if ([...warehouses, ...targets].some(hasTrouble) || faults.some(({ kind }) => kind !== 'config' && kind !== 'usage'))
    return 4
  return faults.length > 0 ? 2 : 0
}

function asJson<Finding extends WarehouseFinding | TargetFinding>({ fault, ...rest }: Finding): object {
  return {
    ok: !hasTrouble({ ...rest, ...(fault && { fault }) } as Finding),
    ...rest,
    ...(fault !== undefined && { fault: describeFault(fault) }),
  }
}
