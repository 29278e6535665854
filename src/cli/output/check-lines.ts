import type { Fault } from '../../model/fault.ts'
import type { ActivationFinding, DatabaseFinding, TargetFinding, WarehouseFinding } from '../check-project.ts'
import { count, duration, plural } from '../../model/figures.ts'
import type { ShownLimit } from '../../http/reported-limits.ts'
import type { Colors } from '../../server/process/terminal.ts'

export function databaseLines({ description = 'DATABASE_URL', fault }: DatabaseFinding, colors: Colors): string[] {
  if (fault !== undefined) return [`${colors.red('✗')} control database (${description})`, ...faultLines(fault, colors)]
  return [`${colors.green('✓')} control database: ${description}`]
}

export function warehouseLines(
  { name, type, version, rights, notices, fault }: WarehouseFinding,
  colors: Colors,
): string[] {
  const title = `warehouse ${colors.bold(name)}`
  if (fault !== undefined) return [`${colors.red('✗')} ${title} (${type})`, ...faultLines(fault, colors)]
  return [
    `${colors.green('✓')} ${title}: ${version}`,
    ...rights.flatMap(({ name: right, granted, grant }) => {
      if (granted === true) return []
      return [
        `    ${colors.yellow(granted === false ? '✗' : '?')} ${right}: ${granted === false ? 'not granted' : 'unknown'}`,
        ...(grant === undefined ? [] : [`      ${colors.cyan('→')} ${grant}`]),
      ]
    }),
    ...noticeLines(notices, colors),
  ]
}

export function targetLines(finding: TargetFinding, colors: Colors): string[] {
  const { name, type, as, proxy, rights, limits, fault } = finding
  const title = `target ${colors.bold(name)}`
  if (fault !== undefined) return [`${colors.red('✗')} ${title} (${type})`, ...faultLines(fault, colors)]
  return [
    `${isUsable(finding) ? colors.green('✓') : colors.red('✗')} ${title}: ${as?.account}, as ${as?.user}`,
    ...(proxy === undefined ? [] : [`    through the proxy ${proxy}`]),
    ...rights.flatMap(({ name: right, granted, needed, neededFor, advice }) => {
      if (granted === true) return [`    ${colors.green('✓')} ${right}`]
      const state = granted === false ? 'not granted' : 'unknown'
      const use = needed ? '' : colors.dim(` (no activation needs it; needed for ${neededFor.join(', ')})`)
      const mark = !needed ? colors.dim('–') : granted === false ? colors.red('✗') : colors.yellow('?')
      return [
        `    ${mark} ${right}: ${state}${use}`,
        ...(advice !== undefined && needed ? [`      ${colors.cyan('→')} ${advice}`] : []),
      ]
    }),
    ...limits.map((each) => limitLine(each, colors)),
  ]
}

/** What is left of a limit, and when it returns. */
function limitLine({ name, limit, left, perMs, returnsAt }: ShownLimit, colors: Colors): string {
  const state = `${name}: ${count(left)} of ${count(limit)} left in ${duration(perMs)}`
  const returns = returnsAt === null ? '' : colors.dim(`, returns at ${returnsAt}`)
  return `    ${left > 0 ? colors.dim('–') : colors.yellow('!')} ${state}${returns}`
}

export function activationLines(finding: ActivationFinding, colors: Colors): string[] {
  const { name, columns, groups, mapping, fieldsToCreate = [], notices, unchecked, faults } = finding
  const title = `activation ${colors.bold(name)}`
  if (faults.length > 0)
    return [
      `${colors.red('✗')} ${title}`,
      ...faults.flatMap((fault) => faultLines(fault, colors)),
      ...noticeLines(notices, colors),
    ]
  if (unchecked.length > 0)
    return [`${colors.yellow('?')} ${title}: not fully checked, because ${unchecked.join(' and ')} failed`]
  const tags = groups.map(
    ({ name: tag, id }) => `"${tag}"${id === null ? ', to be created by its first Run' : colors.dim(` (id ${id})`)}`,
  )
  const fields = Object.entries(mapping ?? {}).map(([field, from]) =>
    from === field ? field : `${field} ${colors.dim(`← ${from}`)}`,
  )
  const goesTo = [...tags, ...fields]
  return [
    `${colors.green('✓')} ${title}: ${columns.join(', ')}${goesTo.length === 0 ? '' : ` ${colors.dim('→')} ${goesTo.join(', ')}`}`,
    ...noticeLines(
      [
        ...fieldsToCreate.map(({ name: field, type }) => ({
          words: `The field "${field}" (${type}) does not exist; the first Run creates it.`,
        })),
        ...notices,
      ],
      colors,
    ),
  ]
}

/** Maximum of each kind in a summary of many Activations. */
const listedOfMany = 20

/** Summary of many Activations: lists the failed ones, then those with remarks; only counts the others. */
export function longLines(findings: readonly ActivationFinding[], colors: Colors): string[] {
  const failed = findings.filter(({ faults }) => faults.length > 0)
  const unknown = findings.filter(({ faults, unchecked }) => faults.length === 0 && unchecked.length > 0)
  const well = findings.filter(({ faults, unchecked }) => faults.length === 0 && unchecked.length === 0)
  const remarked = well.filter(({ notices, fieldsToCreate = [] }) => notices.length + fieldsToCreate.length > 0)
  const causes = [...new Set(unknown.flatMap(({ unchecked }) => unchecked))]
  const figures = [
    failed.length > 0 && colors.red(`${count(failed.length)} failed`),
    unknown.length > 0 && `${count(unknown.length)} not fully checked, because ${causes.join(' and ')} failed`,
    `${count(well.length)} without problems`,
  ]
  return [
    ...someLines(failed, 'failed', colors),
    ...someLines(remarked, 'with notices', colors),
    `${failed.length > 0 ? colors.red('✗') : unknown.length > 0 ? colors.yellow('?') : colors.green('✓')} ${plural(findings.length, 'activation')}: ${figures.filter((figure) => figure !== false).join(colors.dim(' · '))}${colors.dim('   (--all lists all)')}`,
  ]
}

function someLines(findings: readonly ActivationFinding[], which: string, colors: Colors): string[] {
  const more = findings.length - listedOfMany
  return [
    ...findings.slice(0, listedOfMany).flatMap((finding) => activationLines(finding, colors)),
    ...(more > 0 ? [colors.dim(`… and ${count(more)} more ${which}`)] : []),
  ]
}

/** True if no needed right is known to be missing. */
export function isUsable({ rights, fault }: TargetFinding): boolean {
  return fault === undefined && rights.every(({ granted, needed }) => granted !== false || !needed)
}

function faultLines({ message, advice, code }: Fault, colors: Colors): string[] {
  return [
    `    ${message.replaceAll('\n', '\n    ')} ${colors.dim(`[${code}]`)}`,
    ...(advice === undefined ? [] : [`    ${colors.cyan('→')} ${advice}`]),
  ]
}

function noticeLines(notices: readonly { readonly words: string }[], colors: Colors): string[] {
  return notices.map(({ words }) => `    ${colors.yellow('!')} ${words}`)
}
