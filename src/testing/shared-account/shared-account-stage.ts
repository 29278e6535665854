import { openBook, type Book } from './shared-account-book.ts'
import { type Effect } from './shared-account-effects.ts'
import type { ManualEdit, History, RowDraw } from './shared-account-history.ts'
import { links } from './shared-account-links.ts'
import { changeWords } from './shared-account-story.ts'
import { groupInWorld, tagNames, type LinkName } from './shared-account-desired.ts'
import { companyOf, contactOf, day, type OpenActivation, type SharedAccount } from './shared-account.ts'

const otherAdmin = '991267460'

type Seen = Book['seen']

/** A running history with its account. */
export interface Stage {
  readonly account: SharedAccount
  readonly history: History
  readonly opened: readonly OpenActivation[]
  readonly book: Book
  /** Called on each change in the account. */
  readonly seen: Seen
  /** Readable log of the history so far. */
  readonly log: string[]
  /** Current rows of each query. */
  readonly rows: (readonly RowDraw[])[]
  /** Runs of each Activation that an undo may revert, latest last. */
  readonly runs: { readonly id: number; readonly effect: Effect }[][]
  /** Links of each Activation whose replies were lost. A later Run finds them, and may count them as delivered. */
  readonly unsettled: readonly Set<LinkName>[]
  /** Activations whose last Run left something on hold, unconfirmed, rejected or left alone. */
  readonly open: boolean[]
  readonly note: (what: string) => void
  letTimePass(ms: number): Promise<void>
}

export async function openStage(
  account: SharedAccount,
  history: History,
  note: (what: string) => void,
): Promise<Stage> {
  await account.reset()
  let clock = 0
  const log: string[] = []
  const book = openBook(account, history.roles, () => clock, note)
  const seen: Seen = (change) => {
    log.push(`    ${changeWords(change)}`)
    book.seen(change)
  }
  account.intercom.watch({ change: seen })
  const opened: OpenActivation[] = []
  for (const [index, { kind, behavior, delivery, ownership, group }] of history.roles.entries()) {
    const { object, by } = links[kind]
    const groups =
      'groups' in links[kind]
        ? 'column'
        : [object === 'contact_company' ? companyOf(group + 1).company_id : (tagNames[group] ?? '')]
    opened.push(await account.open({ name: `a${index}`, object, by, groups, behavior, delivery, ownership }))
  }
  const stage: Stage = {
    account,
    history,
    opened,
    book,
    seen,
    log,
    note,
    rows: history.roles.map(() => []),
    runs: history.roles.map(() => []),
    unsettled: history.roles.map(() => new Set()),
    open: history.roles.map(() => false),
    async letTimePass(ms) {
      clock += ms
      await account.letTimePass(ms)
    },
  }
  for (const edit of history.before) byHand(stage, edit)
  await stage.letTimePass(day)
  return stage
}

export function byHand({ account: { world } }: Stage, { link, at, group, what, byOtherAdmin }: ManualEdit): void {
  const name = groupInWorld(link, group)
  if (link === 'contact_company') return world[what === 'put' ? 'join' : 'leave'](contactOf(at).id, name)
  const [kind, targetRecord] =
    link === 'contact_tag' ? (['contact', contactOf(at).id] as const) : (['company', companyOf(at).id] as const)
  if (what === 'put') world.attach(kind, targetRecord, name, byOtherAdmin ? { adminId: otherAdmin } : {})
  else world.detach(kind, targetRecord, name)
}
