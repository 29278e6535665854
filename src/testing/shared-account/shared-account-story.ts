import type { Book } from './shared-account-book.ts'
import type { Deed, ManualEditDuring, ManualEdit, History, RowDraw, Step } from './shared-account-history.ts'
import { links } from './shared-account-links.ts'
import { groupName, rowOf } from './shared-account-desired.ts'

/** A history in words, for the reader of a failure. */
export function castWords({ roles, before }: History): string[] {
  return [
    ...roles.map(
      ({ kind, behavior, group, delivery, ownership }, who) =>
        `a${who}: ${behavior} ${kind}${'groups' in links[kind] ? '' : ` ${groupName(links[kind].object, group)}`}, ${delivery}${ownership === 'adopt' ? ', adopt' : ''}`,
    ),
    `before: ${before.length === 0 ? 'nothing' : before.map(editWords).join('; ')}`,
  ]
}

export function stepWords({ roles }: History, { pauseMs, deed }: Step): string {
  const rows = (who: number, drawn: readonly RowDraw[] | undefined): string => {
    const role = roles[who]
    return drawn === undefined || role === undefined
      ? 'the rows it had'
      : `[${drawn.map((row) => JSON.stringify(rowOf(role, row))).join(', ')}]`
  }
  return `${pauseMs === 0 ? 'at once' : `${pauseMs / 60_000} min later`}: ${deedWords(deed, rows)}`
}

function deedWords(deed: Deed, rows: (who: number, drawn: readonly RowDraw[] | undefined) => string): string {
  switch (deed.do) {
    case 'run':
      return `a${deed.who} runs on ${rows(deed.who, deed.rows)}${deed.trouble === undefined ? '' : `, ${deed.trouble.is} (${deed.trouble.number})`}${duringWords(deed.during)}`
    case 'together':
      return `a${deed.who} and a${deed.and === deed.who ? (deed.who + 1) % 5 : deed.and} run at once on ${rows(deed.who, deed.rows[0])} and ${rows(deed.and, deed.rows[1])}${duringWords(deed.during)}`
    case 'hand':
      return `a person: ${deed.edits.map(editWords).join('; ')}`
    case 'rename':
      return `a person changes the ${deed.field} of contact ${deed.at} to the ${deed.to} one; 11 minutes pass`
    case 'undo':
      return `a${deed.who}: the ${deed.back === 0 ? 'last Run' : 'Run before the last'} is taken back${duringWords(deed.during)}`
    case 'verify':
      return `a${deed.who} is verified${deed.repair ? ' and made due' : ''}`
    case 'retry':
      return `a${deed.who} is retried`
  }
}

function duringWords(during: ManualEditDuring | undefined): string {
  return during === undefined ? '' : `; at its request ${during.atRequest} a person: ${editWords(during.edit)}`
}

function editWords({ link, at, group, what, byOtherAdmin }: ManualEdit): string {
  return `${what} ${link} ${at} ${groupName(link, group)}${byOtherAdmin ? ' (another admin)' : ''}`
}

export function changeWords({
  what,
  kind,
  targetRecord,
  group,
  changed,
  requestId,
}: Parameters<Book['seen']>[0]): string {
  return `${requestId === undefined ? 'person' : 'Tailrace'}: ${what} ${kind} ${targetRecord} ${group ?? ''}${changed ? '' : ' (was so already)'}`
}
