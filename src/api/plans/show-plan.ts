import type { z } from 'zod'
import type { Plan } from '../../engine/plan-activation.ts'
import { invalidRowLine, shownLine, type ShownLine } from '../../engine/saved-plans/shown-line.ts'
import type { SkipCode, PlannedOperation } from '../../store/plans/operations.ts'
import type { plan, planLine } from './contract.ts'

/** Number of sample lines for each reason to skip. */
const shownSkipped = 3

/** The figures of a Plan and its sample lines. */
export async function showPlan(made: Plan, sample: number): Promise<z.output<typeof plan>> {
  const {
    counts: { leftAlone: _inLines, ...counts },
    lines,
    about,
    groups,
    toCreate,
    writeCalls,
    writeMs,
    requests,
    violations,
    invalidRows,
    notices,
  } = made.report
  return {
    counts,
    lines: { ...lines },
    about,
    groups: groups.map(({ name, id }) => ({ name, id })),
    toCreate: [...toCreate],
    writeCalls,
    readCalls: requests.read,
    writeMs: writeMs ?? null,
    guardrails: violations.map(({ rule, words, allowed }) => ({ rule, words, overridden: allowed })),
    invalidRows: invalidRows.map(({ code, column, count, first }) => ({
      code,
      column,
      count,
      sample: first.map(({ key, row, message }) => ({ record: key, row, message })),
    })),
    notices: notices.map((each) => ({ ...each, data: { ...each.data } })),
    sample: [
      ...(await writes(made, sample)),
      ...undeliverable(made),
      ...(await skipped(made)),
      ...invalidRows.flatMap(({ code, column, first }) =>
        first.map((row) => invalidRowLine({ ...row, code, column }, made.recordOf)),
      ),
    ].map(showLine),
  }
}

/** Converts a Plan line to the API's shape. */
export function showLine({ fields, before, ...line }: ShownLine): z.output<typeof planLine> {
  return {
    ...line,
    ...(fields !== undefined && { fields: { ...fields } }),
    ...(before !== undefined && { before: { ...before } }),
  }
}

async function writes(made: Plan, most: number): Promise<ShownLine[]> {
  const lines: PlannedOperation[] = []
  if (most > 0)
    for await (const page of made.lines('writes')) {
      lines.push(...page.slice(0, most - lines.length))
      if (lines.length >= most) break
    }
  return lines.map((line) => shownLine(line, made))
}

function undeliverable({ report: { undeliverable: groups }, recordOf }: Plan): ShownLine[] {
  return groups.flatMap(({ kind, code, reason, first }) =>
    first.map(({ key, message }) => ({
      record: recordOf({ key, identities: null }),
      operation: kind,
      reason,
      code,
      message,
    })),
  )
}

async function skipped(made: Plan): Promise<ShownLine[]> {
  const codes: readonly SkipCode[] = ['in-place', 'external', 'wanted-elsewhere', 'nothing-to-do']
  const lines = await Promise.all(
    codes.map(async (code) =>
      (await made.kept(code, shownSkipped)).map(({ record, group, reason }): ShownLine => ({
        record,
        ...(group !== undefined && { group }),
        operation: 'skip',
        reason,
        code,
      })),
    ),
  )
  return lines.flat()
}
