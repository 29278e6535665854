import { Command } from 'commander'
import { activationLines, isUsable, targetLines, warehouseLines } from '../check-lines.ts'
import { checkProject, type ActivationFinding, type TargetFinding, type WarehouseFinding } from '../check-project.ts'
import { describeFault } from '../describe-error.ts'
import { plural } from '../figures.ts'
import { configOption, globalsOf, hostOf } from '../host.ts'
import { readProject } from '../project.ts'

export const command = new Command('check')
  .description('validate tailrace.yaml; try every connection, right, query and tag in it')
  .addHelpText('after', `
Changes nothing anywhere, reads no rows, and goes on after failures.

Exit codes: 0 all is well · 2 tailrace.yaml, a query or a tag is wrong · 4 a connection failed.

Examples:
  $ tailrace check
  $ tailrace check --config staging.yaml --json`)
  .action(async (_options: unknown, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const warehouses: WarehouseFinding[] = []
    const targets: TargetFinding[] = []
    const activations: ActivationFinding[] = []
    const tell = async (lines: readonly string[]): Promise<void> => {
      if (!globals.json) for (const line of lines) await terminal.print(line)
    }
    const config = await readProject(host, globals)
    await tell([`${terminal.colors.green('✓')} ${globals.config}: valid`])
    await checkProject(host, config, {
      async warehouse(finding) {
        warehouses.push(finding)
        await tell(warehouseLines(finding, terminal.colors))
      },
      async target(finding) {
        targets.push(finding)
        await tell(targetLines(finding, terminal.colors))
      },
      async activation(finding) {
        activations.push(finding)
        await tell(activationLines(finding, terminal.colors))
      },
    })
    const code = exitCodeOf(warehouses, targets, activations)
    host.exit(code)
    if (globals.json) {
      await terminal.json({
        ok: code === 0, file: config.file, warehouses: warehouses.map(asJson), targets: targets.map(asJson),
        activations: activations.map(({ faults, ...rest }) => ({ ...rest, faults: faults.map(describeFault) })),
      })
      return
    }
    const first = activations[0]
    if (code === 0 && first !== undefined) await tell(['', `${terminal.colors.cyan('→')} tailrace plan ${first.name}${configOption(globals)}   ${terminal.colors.dim('# shows every write, sends nothing')}`])
    if (code !== 0) await tell(['', terminal.colors.red(`${plural([...warehouses, ...targets, ...activations].filter(hasTrouble).length, 'check')} failed`)])
  })

function hasTrouble(finding: WarehouseFinding | TargetFinding | ActivationFinding): boolean {
  if ('faults' in finding) return finding.faults.length > 0
  return 'rights' in finding ? !isUsable(finding) : finding.fault !== undefined
}

/** A failed connection comes first: what depends on it cannot be judged. */
function exitCodeOf(warehouses: readonly WarehouseFinding[], targets: readonly TargetFinding[], activations: readonly ActivationFinding[]): 0 | 2 | 4 {
  const faults = activations.flatMap((finding) => finding.faults)
  if ([...warehouses, ...targets].some(hasTrouble) || faults.some(({ kind }) => kind !== 'config' && kind !== 'usage')) return 4
  return faults.length > 0 ? 2 : 0
}

function asJson<Finding extends WarehouseFinding | TargetFinding>({ fault, ...rest }: Finding): object {
  return { ok: !hasTrouble({ ...rest, ...(fault && { fault }) } as Finding), ...rest, ...(fault !== undefined && { fault: describeFault(fault) }) }
}
