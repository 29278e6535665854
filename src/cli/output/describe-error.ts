import { CommanderError } from 'commander'
import { ConfigFault, type ConfigProblem } from '../../config/problem-list.ts'
import { asEngineFault } from '../../engine/delivery/send-slice.ts'
import { Fault, type FaultKind } from '../../model/fault.ts'
import { whoRejected } from '../program.ts'
import type { Colors } from '../../server/process/terminal.ts'

/** An error in JSON output. */
export interface ErrorReport {
  readonly kind: FaultKind
  readonly code: string
  readonly message: string
  readonly advice?: string
  readonly where?: string
  readonly requestId?: string
  readonly problems?: readonly ConfigProblem[]
}

export function describeError(error: unknown): ErrorReport {
  if (error instanceof CommanderError) return describeUsage(error)
  if (Fault.is(error)) return describeFault(error)
  return describeFault(asEngineFault(error))
}

export function describeFault(fault: Fault): ErrorReport {
  return {
    kind: fault.kind,
    code: fault.code,
    message: fault.message,
    ...(fault.advice !== undefined && { advice: fault.advice }),
    ...(fault.where !== undefined && { where: fault.where }),
    ...(fault.requestId !== undefined && { requestId: fault.requestId }),
    ...(fault instanceof ConfigFault && { problems: fault.problems }),
  }
}

/**
 * Exit codes of Faults: 1 cancelled by the user; 2 wrong command line or config, including config that only the
 * Warehouse or Target rejects; 3 guardrail before the first write; 5 guardrail after writes; 4 anything else.
 */
export function exitCodeOf(kind: FaultKind): 1 | 2 | 3 | 4 | 5 {
  switch (kind) {
    case 'cancelled':
      return 1
    case 'usage':
    case 'config':
      return 2
    case 'blocked':
      return 3
    case 'stopped':
      return 5
    default:
      return 4
  }
}

/** `error: where: message [code]`, and the advice on the next line. */
export function errorLines(report: ErrorReport, colors: Colors): string[] {
  const head = colors.red(colors.bold('error:'))
  const code = colors.dim(`[${report.code}]`)
  const request = report.requestId === undefined ? '' : colors.dim(` (request ${report.requestId})`)
  if (report.problems !== undefined) {
    const { length } = report.problems
    return [
      `${head} ${length === 1 ? 'there is a problem' : `there are ${length} problems`} in ${report.problems[0]?.file ?? 'the config'} ${code}`,
      ...report.message.split('\n').map((line) => `  ${line}`),
    ]
  }
  return [
    `${head} ${report.where === undefined ? '' : `${report.where}: `}${report.message}${request} ${code}`,
    `  ${colors.cyan('→')} ${report.advice ?? `tailrace explain ${report.code}`}`,
  ]
}

/** Lists the known commands after an unknown one only if there are at most this many. */
const namedCommands = 5

/** Reads Commander's text: `error: unknown command 'rn'`, and a guess in brackets on the next line. Adds a --help. */
function describeUsage(error: CommanderError): ErrorReport {
  const { message, code } = error
  const [first = '', guess] = message.replace(/^error: /, '').split('\n')
  const { path, subcommands } = whoRejected(error)
  const isCommand = code === 'commander.unknownCommand'
  const help =
    isCommand && subcommands.length <= namedCommands
      ? `"${path}" has: ${subcommands.join(', ')}.`
      : `"${path} --help" lists ${isCommand ? 'all commands' : 'its arguments and options'}.`
  const near = guess?.replace(/^\((.*)\)$/, '$1')
  return {
    kind: 'usage',
    code: code.replace(/^commander\./, '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    message: first,
    advice: near === undefined ? help : isCommand ? near : `${near} ${help}`,
  }
}
