import { Fault } from '../model/fault.ts'
import type { Position } from './config.ts'

/** One error in tailrace.yaml. Never contains a value from the environment or of a secret field. */
export interface ConfigProblem extends Position {
  readonly file: string
  /** `activations.premium.tags[0]`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
}

/** All errors of a config file, in file order. */
export class ConfigFault extends Fault {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super('usage', problems.map(formatProblem).join('\n'), { code: 'config-invalid' })
    this.problems = problems
  }
}

/** `tailrace.yaml:12:5  activations.premium.tagz: unknown key "tagz"; did you mean "tags"?` */
function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  return `${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}${message}`
}
