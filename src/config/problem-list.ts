import type { Position } from './config.ts'
import { Fault } from '../model/fault.ts'

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

export type Path = readonly (string | number)[]

/** A problem with its path as steps from the root. */
export interface PlacedProblem extends ConfigProblem {
  readonly steps: Path
}

/** Collects the problems of one file. */
export interface ProblemList {
  add(position: Position, path: Path, message: string): void
  readonly size: number
  /** All problems in file order. */
  list(): readonly PlacedProblem[]
  /** Throws a ConfigFault with all problems in file order, if there are any. */
  throwIfAny(): void
}

export function createProblemList(file: string): ProblemList {
  // Keyed by position and text, so that a mapping used twice through an alias reports its problems once.
  const found = new Map<string, PlacedProblem>()
  const list = () => [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column)
  return {
    add({ line, column }, path, message) {
      found.set(`${line}:${column} ${path.at(-1) ?? ''} ${message}`, {
        file,
        line,
        column,
        path: formatPath(path),
        message,
        steps: path,
      })
    },
    get size() {
      return found.size
    },
    list,
    throwIfAny() {
      if (found.size === 0) return
      throw new ConfigFault(list().map(({ steps: _steps, ...problem }) => problem))
    },
  }
}

function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}
