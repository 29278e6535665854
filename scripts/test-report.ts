import { relative } from 'node:path'
import { inspect } from 'node:util'
import type { TestsStream } from 'node:test'

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface FileTally {
  passed: number
  failed: number
  skipped: number
}

/** Prints one line a file as it ends, failures in full, and what was skipped and why. Suites are not counted, their tests are. */
export async function report(events: TestsStream): Promise<Tally> {
  const files = new Map<string, FileTally>()
  const skipped: string[] = []
  const of = (file: string | undefined): FileTally => {
    const name = relative('.', file ?? 'unknown file')
    const known = files.get(name) ?? { passed: 0, failed: 0, skipped: 0 }
    files.set(name, known)
    return known
  }

  for await (const event of events) {
    if (event.type === 'test:pass') {
      if (isSuite(event.data)) continue
      if (event.data.skip === undefined || event.data.skip === false) of(event.data.file).passed += 1
      else {
        of(event.data.file).skipped += 1
        skipped.push(`${relative('.', event.data.file ?? '')}: ${event.data.name}: ${event.data.skip === true ? 'no reason given' : event.data.skip}`)
      }
    } else if (event.type === 'test:fail') {
      if (isOnlyBecauseOfChildren(event.data.details.error)) continue
      of(event.data.file).failed += 1
      console.log(`\nFAILED ${relative('.', event.data.file ?? '')}:${event.data.line ?? 0} ${event.data.name}`)
      console.log(inspect(event.data.details.error.cause ?? event.data.details.error, { depth: 8 }).replaceAll(/^/gm, '  '))
    } else if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      process.stderr.write(event.data.message)
    }
  }

  for (const [name, file] of [...files].sort(([a], [b]) => a.localeCompare(b))) {
    console.log(`${file.failed > 0 ? 'FAIL' : 'ok  '} ${name}  ${file.passed} passed${file.failed > 0 ? `, ${file.failed} failed` : ''}`)
  }
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((line) => `  ${line}`).join('\n')}`)
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const file of files.values()) {
    total.passed += file.passed
    total.failed += file.failed
    total.skipped += file.skipped
  }
  return total
}

function isSuite(data: { readonly details: { readonly type?: string | undefined } }): boolean {
  return data.details.type === 'suite'
}

/** A parent that fails because a subtest of it did: the subtest has been reported already. */
function isOnlyBecauseOfChildren(error: { readonly failureType?: unknown }): boolean {
  return error.failureType === 'subtestsFailed'
}
