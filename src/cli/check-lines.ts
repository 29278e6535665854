import type { Fault } from '../model/fault.ts'
import type { ActivationFinding, TargetFinding, WarehouseFinding } from './check-project.ts'
import type { Colors } from './terminal.ts'

export function warehouseLines({ name, type, version, notices, fault }: WarehouseFinding, colors: Colors): string[] {
  const title = `warehouse ${colors.bold(name)}`
  if (fault !== undefined) return [`${colors.red('✗')} ${title} (${type})`, ...faultLines(fault, colors)]
  return [`${colors.green('✓')} ${title}: ${version}`, ...noticeLines(notices, colors)]
}

export function targetLines(finding: TargetFinding, colors: Colors): string[] {
  const { name, type, as, rights, fault } = finding
  const title = `target ${colors.bold(name)}`
  if (fault !== undefined) return [`${colors.red('✗')} ${title} (${type})`, ...faultLines(fault, colors)]
  return [
    `${isUsable(finding) ? colors.green('✓') : colors.red('✗')} ${title}: ${as?.account}, as ${as?.user}`,
    ...rights.flatMap(({ name: right, granted, needed, neededFor, advice }) => {
      if (granted === true) return [`    ${colors.green('✓')} ${right}`]
      const state = granted === false ? 'not granted' : 'not known'
      const use = needed ? '' : colors.dim(` (no activation needs it; it is for ${neededFor.join(', ')})`)
      const mark = !needed ? colors.dim('–') : granted === false ? colors.red('✗') : colors.yellow('?')
      return [`    ${mark} ${right}: ${state}${use}`, ...advice !== undefined && needed ? [`      ${colors.cyan('→')} ${advice}`] : []]
    }),
  ]
}

export function activationLines(finding: ActivationFinding, colors: Colors): string[] {
  const { name, columns, members, mapping, fieldsToCreate = [], notices, unchecked, faults } = finding
  const title = `activation ${colors.bold(name)}`
  if (faults.length > 0) return [`${colors.red('✗')} ${title}`, ...faults.flatMap((fault) => faultLines(fault, colors)), ...noticeLines(notices, colors)]
  if (unchecked.length > 0) return [`${colors.yellow('?')} ${title}: not checked as a whole, since ${unchecked.join(' and ')} failed`]
  const tags = members.map(({ name: tag, id }) => `"${tag}"${id === null ? ', to be created by its first Run' : colors.dim(` (id ${id})`)}`)
  const fields = Object.entries(mapping ?? {}).map(([field, from]) => from === field ? field : `${field} ${colors.dim(`← ${from}`)}`)
  const goesTo = [...tags, ...fields]
  return [
    `${colors.green('✓')} ${title}: ${columns.join(', ')}${goesTo.length === 0 ? '' : ` ${colors.dim('→')} ${goesTo.join(', ')}`}`,
    ...noticeLines([...fieldsToCreate.map(({ name: field, type }) => `The field "${field}" (${type}) does not exist; the first Run creates it.`), ...notices], colors),
  ]
}

/** All rights that Activations need are there, as far as can be known. */
export function isUsable({ rights, fault }: TargetFinding): boolean {
  return fault === undefined && rights.every(({ granted, needed }) => granted !== false || !needed)
}

function faultLines({ message, advice, code }: Fault, colors: Colors): string[] {
  return [`    ${message} ${colors.dim(`[${code}]`)}`, ...advice === undefined ? [] : [`    ${colors.cyan('→')} ${advice}`]]
}

function noticeLines(notices: readonly string[], colors: Colors): string[] {
  return notices.map((notice) => `    ${colors.yellow('!')} ${notice}`)
}
