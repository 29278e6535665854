import { count, plural } from '../../lib/format.ts'
import type { RunSummary } from '../../features/run/run-columns.tsx'

/** Describes the result of a Run in words. */
export function runSentence({ counts, purpose, undoes, requests, status, groups, leftAlone }: RunSummary): string {
  const { read, added, changed, removed, delivered, alreadyInPlace, rejected, onHold, unconfirmed, invalid, planned } =
    counts
  const found = [
    added > 0 && `${plural(added, 'record')} to add`,
    changed > 0 && `${plural(changed, 'record')} changed`,
    removed > 0 && `${plural(removed, 'record')} removed from the query`,
  ]
  const done = [
    delivered > 0 && `${plural(delivered, 'record')} delivered`,
    alreadyInPlace > 0 && `${plural(alreadyInPlace, 'record')} already in place`,
    leftAlone > 0 && `${plural(leftAlone, 'record')} skipped`,
    rejected > 0 && `${plural(rejected, 'record')} not loaded`,
    onHold > 0 && `${plural(onHold, 'record')} on hold`,
    unconfirmed > 0 && `${plural(unconfirmed, 'record')} unconfirmed`,
  ]
  const calls = requests.read + requests.write
  const begin =
    purpose === 'undo'
      ? `This Run undid Run ${undoes}.`
      : `The Run read ${plural(read, 'row')}${invalid > 0 ? `, of which ${count(invalid)} ${invalid === 1 ? 'was' : 'were'} invalid` : ''}${listed(found, ', and found ', planned > 0 ? `, and retried ${plural(planned, 'record')} of earlier Runs` : ', and found no differences')}.`
  const end = status === 'blocked' ? ' Nothing was written.' : listed(done, ' ', '', '.')
  const named =
    groups.length > 0 && delivered > 0
      ? ` ${groups.length === 1 ? 'Tag' : 'Tags'}: ${groups.map(({ name }) => name).join(', ')}.`
      : ''
  return `${begin}${end}${named}${calls > 0 ? ` The Run made ${plural(calls, 'call')} to the Target.` : ''}`
}

function listed(parts: readonly (string | false)[], before: string, none: string, after = ''): string {
  const said = parts.filter((part) => part !== false)
  return said.length === 0 ? none : `${before}${said.join(', ')}${after}`
}
