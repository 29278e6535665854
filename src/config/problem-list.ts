import type { Position } from './config.ts'
import { ConfigFault, type ConfigProblem } from './config-fault.ts'

export type Path = readonly (string | number)[]

/** Collects problems of one file. */
export interface ProblemList {
  add(position: Position, path: Path, message: string): void
  readonly size: number
  /** Throws a ConfigFault with all problems, ordered by position, when there is any. */
  throwIfAny(): void
}

export function createProblemList(file: string): ProblemList {
  // Keyed by their text: a mapping used twice through an alias has its problems once.
  const found = new Map<string, ConfigProblem>()
  return {
    add({ line, column }, path, message) {
      found.set(`${line}:${column} ${message}`, { file, line, column, path: formatPath(path), message })
    },
    get size() {
      return found.size
    },
    throwIfAny() {
      if (found.size === 0) return
      throw new ConfigFault([...found.values()].sort((a, b) => a.line - b.line || a.column - b.column))
    },
  }
}

function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}
