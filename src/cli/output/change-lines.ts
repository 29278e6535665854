import type { ReplyOf } from '../../api/endpoint.ts'
import type { applyConfig } from '../../api/config/contract.ts'
import { plural } from '../../model/figures.ts'
import type { Colors } from '../../server/process/terminal.ts'

type Change = ReplyOf<typeof applyConfig>['changes'][number]

/** The changes of an apply: a line for each entry, and one for each key that changes. */
export function changeLines(changes: readonly Change[], colors: Colors): readonly string[] {
  const moved = changes.filter(({ what }) => what !== 'same')
  if (moved.length === 0) return ['The saved config already matches the file.']
  return moved.flatMap(({ section, name, what, keys }) => {
    const place = `${section}/${name}`
    if (what === 'add') return [colors.green(`+ ${place}`)]
    if (what === 'remove') return [colors.red(`- ${place}`)]
    return [`~ ${place}`, ...keys.map(({ key, from, to }) => `    ${key}: ${oneLine(from)} → ${oneLine(to)}`)]
  })
}

export function changeFigures(changes: readonly Change[]): string {
  const of = (wanted: Change['what']) => changes.filter(({ what }) => what === wanted).length
  return [
    [of('add'), 'to add'],
    [of('change'), 'to change'],
    [of('remove'), 'to remove'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, words]) => `${plural(Number(count), 'entry', 'entries')} ${words}`)
    .join(', ')
}

function oneLine(text: string | null): string {
  if (text === null) return '(not set)'
  const flat = text.trim().replaceAll(/\s+/g, ' ')
  return flat.length > 120 ? `${flat.slice(0, 119)}…` : flat
}
