import type { CatalogueArea, CatalogueEntry } from '../../src/model/catalogue/entry.ts'
import { code, fenced, generated, page } from './markdown.ts'

/** docs/errors.md: the catalogue of codes as a page. */
export function errorsPage(areas: readonly CatalogueArea[]): string {
  return (
    page(
      '# What can go wrong',
      generated,
      'Every failure has a code. The code is in brackets at the end of a message, next to each record that failed, and in `code` of ' +
        '`--json`. Codes do not change. `tailrace explain CODE` shows the entry of a code.',
      '"Tried again" says whether Tailrace retries by itself. "The next Run" includes a Run that a person starts. ' +
        'There is no retry queue: a record that was not delivered is still different, so the next Run finds it again. ' +
        'See [How a Run ends](outcomes.md).',
      areas.map(({ title }) => `- [${title}](#${anchor(title)})`).join('\n'),
      ...areas.flatMap(({ title, entries }) => [`## ${title}`, ...entries.map(entryPart)]),
    ).trimEnd() + '\n'
  )
}

function entryPart({ code: name, title, cause, whoFixes, retried, fix, sql }: CatalogueEntry): string {
  const lines = [
    `**${title}.** ${cause}`,
    '',
    `- Who can fix it: ${whoFixes}`,
    `- Tried again: ${retried}`,
    `- What to do: ${fix}`,
  ]
  return [`### ${code(name)}`, '', ...lines, ...(sql === undefined ? [] : ['', fenced('sql', sql)])].join('\n')
}

/** The anchor that GitHub creates from a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
}
