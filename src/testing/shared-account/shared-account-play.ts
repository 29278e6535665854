import type { RunReport } from '../../engine/run-report.ts'
import { runActivation } from '../../engine/run.ts'
import { Fault } from '../../model/fault.ts'
import { findActivation } from '../../store/project/activations.ts'
import { makeFailuresDue } from '../../store/snapshot/write-snapshot.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import { noEffect, type Part } from './shared-account-effects.ts'
import type { Deed, ManualEditDuring } from './shared-account-history.ts'
import { byHand, type Stage } from './shared-account-stage.ts'
import { runMortal, watchBeside, type Beside } from './shared-account-trouble.ts'
import { newNames, noneDesired, rowOf, desiredOf } from './shared-account-desired.ts'
import { contactOf, minute } from './shared-account.ts'

export async function perform(stage: Stage, deed: Deed): Promise<void> {
  const { account, book, note, opened, rows } = stage
  note(deed.do)
  switch (deed.do) {
    case 'run': {
      if (deed.rows !== undefined) rows[deed.who] = deed.rows
      return await run(stage, deed.who, deed)
    }
    case 'together': {
      const other = deed.and === deed.who ? (deed.who + 1) % opened.length : deed.and
      for (const [index, who] of [deed.who, other].entries()) rows[who] = deed.rows[index] ?? rows[who] ?? []
      return await runTogether(stage, [deed.who, other], deed.during)
    }
    case 'hand':
      for (const edit of deed.edits) byHand(stage, edit)
      return
    case 'rename':
      return await rename(stage, deed)
    case 'undo':
      return await undo(stage, deed)
    case 'verify': {
      const {
        opened: { [deed.who]: it },
      } = stage
      book.begin('verify', [], [])
      if (it !== undefined) await account.verify(it, deed.repair)
      return book.end([], undefined)
    }
    case 'retry':
      return await retry(stage, deed.who)
  }
}

/** Does the same as `tailrace retry`. */
export async function retry(stage: Stage, who: number): Promise<void> {
  const { database } = stage.account
  const row = await findActivation(database.pool, `a${who}`)
  if (row !== undefined) await makeFailuresDue(database.pool, row.id, undefined)
  await run(stage, who, {})
}

export async function run(stage: Stage, who: number, { trouble, during }: Beside): Promise<void> {
  const {
    account,
    book,
    note,
    opened: { [who]: it },
  } = stage
  if (it === undefined) return
  const part = begin(stage, [who])[0]
  const beside = watchBeside(stage, { trouble, during })
  let report: RunReport | undefined
  try {
    report =
      trouble?.is.startsWith('dies') === true
        ? await runMortal(account, it, trouble, beside)
        : await runActivation(it.activation, beside.ports, { allow: ['empty'] })
  } finally {
    beside.end()
  }
  const befell = trouble !== undefined && beside.happened() ? trouble.is : undefined
  if (befell !== undefined) note(befell)
  finish(stage, [part], [report], befell)
  book.end([report !== undefined && report.fault === undefined], befell)
}

async function runTogether(stage: Stage, all: readonly number[], during: ManualEditDuring | undefined): Promise<void> {
  const parts = begin(stage, all)
  const beside = watchBeside(stage, { during })
  try {
    const reports = await Promise.all(
      all.map(async (who) => {
        const it = stage.opened[who]
        return it === undefined
          ? undefined
          : await runActivation(it.activation, quietPorts(stage.account.database.pool), { allow: ['empty'] })
      }),
    )
    finish(stage, parts, reports, undefined)
    stage.book.end(
      reports.map((report) => report?.fault === undefined),
      undefined,
    )
  } finally {
    beside.end()
  }
}

/** Sets each query's rows and records the links that they ask for. */
function begin({ account, history, opened, book, rows }: Stage, all: readonly number[]): readonly Part[] {
  const parts = all.flatMap((who): Part[] => {
    const role = history.roles[who]
    const drawn = rows[who] ?? []
    if (role === undefined) return []
    opened[who]?.answer(drawn.map((row) => rowOf(role, row)))
    return [{ who, desired: desiredOf(account.world, role, drawn, book.followed(who)), effect: noEffect() }]
  })
  book.begin(
    'run',
    parts,
    all.map((who) => rows[who] ?? []),
  )
  return parts
}

/**
 * Compares the reports with what happened. Of two concurrent Runs that desire the same link, either may have sent it.
 */
function finish(
  { book, note, rows, runs, unsettled, open }: Stage,
  parts: readonly (Part | undefined)[],
  reports: readonly (RunReport | undefined)[],
  befell: string | undefined,
): void {
  const all = parts.flatMap((part) => (part === undefined ? [] : [part.effect]))
  const askedNow = all.flatMap(({ askedOn, askedOff }) => [...askedOn, ...askedOff])
  const repeats = all.reduce((sum, effect) => sum + effect.repeats, 0)
  let reported = 0
  for (const [index, part] of parts.entries()) {
    if (part === undefined) continue
    const { who, effect } = part
    const report = reports[index]
    const asked = new Set([...askedNow, ...(unsettled[who] ?? [])])
    // A link that the Run was about to add or remove may be in place. The next Run that desires it confirms it.
    const standing = [...book.links.values()].filter(({ present }) => present).map(({ name }) => name)
    if (report === undefined || befell !== undefined || report.fault !== undefined)
      for (const name of [...asked, ...standing]) unsettled[who]?.add(name)
    else for (const name of part.desired.links) unsettled[who]?.delete(name)
    open[who] =
      report === undefined ||
      report.fault !== undefined ||
      report.counts.leftAlone + report.counts.onHold + report.counts.unconfirmed + report.counts.rejected > 0
    if (report === undefined) continue
    const { fault, counts } = report
    if (fault !== undefined) note(`fault ${fault.code}`)
    if (fault !== undefined && (befell === undefined || fault.kind === 'bug'))
      book.violations.push(`a Run of a${who} failed: ${fault.message}`)
    if (fault === undefined && counts.read !== rows[who]?.length)
      book.violations.push(`a Run of a${who} says that it read ${counts.read} rows of ${rows[who]?.length}`)
    if (counts.delivered > asked.size + repeats)
      book.violations.push(`a Run of a${who} says ${counts.delivered} delivered, and asked for ${asked.size} links`)
    reported += counts.delivered + counts.rejected
    for (const what of ['delivered', 'alreadyInPlace', 'rejected', 'leftAlone', 'onHold'] as const)
      if (counts[what] > 0) note(what)
    if (effect.removed.size > 0) note('removed')
    runs[who]?.push({ id: report.run, effect })
  }
  const targetRecords = new Set(
    all.flatMap(({ put, removed }) => [...put, ...removed]).map((name) => name.split(' ').slice(0, 2).join(' ')),
  )
  const isWhole = befell === undefined && reports.every((report) => report !== undefined && report.fault === undefined)
  if (isWhole && targetRecords.size > reported)
    book.violations.push(
      `a Run of ${parts.map((part) => `a${part?.who}`).join(' and ')} changed ${targetRecords.size} things, and says ${reported} delivered`,
    )
}

async function undo(stage: Stage, { who, back, during }: Extract<Deed, { do: 'undo' }>): Promise<void> {
  const {
    account,
    book,
    note,
    opened: { [who]: it },
    runs: { [who]: all = [] },
  } = stage
  const taken = all.at(-1 - back)
  if (it === undefined || taken === undefined) return
  const part: Part = { who, desired: noneDesired, undoes: taken.effect, effect: noEffect() }
  book.begin('undo', [part], [])
  const beside = watchBeside(stage, { during })
  let report: RunReport | undefined
  try {
    report = await account.undo(it, taken.id)
  } catch (error) {
    if (!Fault.is(error) || error.kind === 'bug') throw error
    note(`undo refused: ${error.code}`)
  } finally {
    beside.end()
  }
  note(report === undefined ? 'undo had nothing to do' : 'undo wrote')
  if (report?.fault !== undefined) book.violations.push(`the undo of a Run of a${who} failed: ${report.fault.message}`)
  if (report !== undefined) all.push({ id: report.run, effect: part.effect })
  book.end([], undefined)
}

/** Changes an identifier of a contact by hand. Waits until the index shows it. */
async function rename(stage: Stage, { at, field, to }: Extract<Deed, { do: 'rename' }>): Promise<void> {
  const {
    account: { world },
    note,
  } = stage
  const other = contactOf((at % 4) + 1)
  const value = to === 'new' ? newNames(at)[field] : to === 'old' ? contactOf(at)[field] : other[field]
  try {
    world.changeContact(contactOf(at).id, { [field]: value })
    note(`renamed: ${to}`)
  } catch (error) {
    // In Intercom, an external_id belongs to one contact only.
    if (!(error instanceof Error) || !error.message.includes('already exists')) throw error
  }
  await stage.letTimePass(11 * minute)
}
