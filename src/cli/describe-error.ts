import { CommanderError } from 'commander'
import { ConfigFault, type ConfigProblem } from '../config/config-fault.ts'
import { Fault, type FaultKind } from '../model/fault.ts'
import type { Colors } from './terminal.ts'

/** An error as scripts get it. */
export interface ErrorReport {
  readonly kind: FaultKind
  readonly code: string
  readonly message: string
  readonly advice?: string
  readonly where?: string
  readonly requestId?: string
  readonly problems?: readonly ConfigProblem[]
}

const bugAdvice = 'This is a fault of Tailrace: please report it with the output of TAILRACE_LOG=debug.'

export function describeError(error: unknown): ErrorReport {
  if (error instanceof CommanderError) return describeUsage(error)
  if (Fault.is(error)) return describeFault(error)
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'bug', code: 'unexpected', message, advice: bugAdvice }
}

export function describeFault(fault: Fault): ErrorReport {
  return {
    kind: fault.kind, code: fault.code, message: fault.message,
    ...(fault.advice !== undefined && { advice: fault.advice }),
    ...(fault.where !== undefined && { where: fault.where }),
    ...(fault.requestId !== undefined && { requestId: fault.requestId }),
    ...(fault instanceof ConfigFault && { problems: fault.problems }),
  }
}

/** Exit codes of Faults: 1 stopped by a person, 2 the command line or the config, 3 a guardrail, 4 anything else. */
export function exitCodeOf(kind: FaultKind): 1 | 2 | 3 | 4 {
  switch (kind) {
    case 'cancelled': return 1
    case 'usage': return 2
    case 'refused': return 3
    default: return 4
  }
}

/** `error: where: message [code]`, and what to do on the next line. */
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

/** Commander's words: `error: unknown command 'rn'`, and a guess in brackets on a line of its own. */
function describeUsage({ message, code }: CommanderError): ErrorReport {
  const [first = '', guess] = message.replace(/^error: /, '').split('\n')
  const advice = guess === undefined ? 'tailrace --help lists what there is.' : guess.replace(/^\((.*)\)$/, '$1')
  return { kind: 'usage', code: code.replace(/^commander\./, '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), message: first, advice }
}
