import { relative } from 'node:path'
import { inspect } from 'node:util'
import type { TestsStream } from 'node:test'

export interface Tally {
  readonly passed: number
  readonly failed: number
  /** Skipped tests, each with its reason. */
  readonly skipped: readonly string[]
  /** Duration of each file, including its process. */
  readonly took: readonly { readonly file: string; readonly ms: number }[]
}

export const none: Tally = { passed: 0, failed: 0, skipped: [], took: [] }

export function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
    took: [...a.took, ...b.took],
  }
}

/** The slowest files, slowest first: `12.3 s src/engine/crash.test.ts`. */
export function slowest({ took }: Tally, most: number): string[] {
  return took
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, most)
    .map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(6)} s ${file}`)
}

/**
 * Prints each failure in full as it happens, and one line per file at the end. Counts tests, not suites. `on` is
 * appended to each file name, for example " on PostgreSQL 15".
 */
export async function report(events: TestsStream, on: string): Promise<Tally> {
  const files = new Map<string, Tally>()
  const took: Tally['took'][number][] = []
  const count = (file: string | undefined, one: Partial<Tally>): void => {
    const name = nameOf(file)
    files.set(name, add(files.get(name) ?? none, { ...none, ...one }))
  }

  for await (const { type, data } of events) {
    if (type === 'test:pass' && data.details.type !== 'suite') {
      if (data.skip === undefined || data.skip === false) count(data.file, { passed: 1 })
      else
        count(data.file, {
          skipped: [`${nameOf(data.file)}${on}: ${data.name}: ${data.skip === true ? 'no reason given' : data.skip}`],
        })
    } else if (type === 'test:fail' && !failedOnlyInside(data.details.error)) {
      count(data.file, { failed: 1 })
      console.log(`\nFAILED ${nameOf(data.file)}:${data.line ?? 0}${on} ${data.name}`)
      console.log(inspect(data.details.error.cause ?? data.details.error, { depth: 8 }).replaceAll(/^/gm, '  '))
    } else if (type === 'test:summary' && data.file !== undefined) {
      took.push({ file: `${nameOf(data.file)}${on}`, ms: data.duration_ms })
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      process.stderr.write(data.message)
    }
  }

  const names = [...files.keys()].toSorted((a, b) => a.localeCompare(b))
  for (const name of names) {
    const { passed, failed, skipped } = files.get(name) ?? none
    const rest = `${failed > 0 ? `, ${failed} failed` : ''}${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
    console.log(`${failed > 0 ? 'FAIL' : 'ok  '} ${name}${on}: ${passed} passed${rest}`)
  }
  return [...files.values(), { ...none, took }].reduce(add, none)
}

function nameOf(file: string | undefined): string {
  return file === undefined ? 'unknown file' : relative('.', file)
}

/** A parent that failed only because a test inside it failed. The inner failure is already printed. */
function failedOnlyInside(error: { readonly failureType?: unknown }): boolean {
  return error.failureType === 'subtestsFailed'
}
