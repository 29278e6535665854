import type { CatalogueArea, CatalogueEntry } from '../../src/model/catalogue/entry.ts'
import { code, fenced, generated, page } from './markdown.ts'

/** docs/errors.md: the catalogue of codes as a page. */
export function errorsPage(areas: readonly CatalogueArea[]): string {
  return page(
    '# What can go wrong', generated,
    'Every failure has a code. It stands in brackets at the end of a message, beside each record that failed, and as `code` in '
    + '`--json`. Codes do not change. `tailrace explain CODE` says the same as this page.',
    '"Tried again" is what Tailrace does without being told to. What it says of "the next Run" holds for Runs that a person starts, '
    + 'too. There is no retry queue: what was not delivered is still different, so the next Run finds it again. '
    + 'See [How a Run ends](outcomes.md).',
    areas.map(({ title }) => `- [${title}](#${anchor(title)})`).join('\n'),
    ...areas.flatMap(({ title, entries }) => [`## ${title}`, ...entries.map(entryPart)]),
  ).trimEnd() + '\n'
}

function entryPart({ code: name, title, cause, whoFixes, retried, fix, sql }: CatalogueEntry): string {
  const lines = [
    `**${title}.** ${cause}`, '',
    `- Who can fix it: ${whoFixes}`,
    `- Tried again: ${retried}`,
    `- What to do: ${fix}`,
  ]
  return [`### ${code(name)}`, '', ...lines, ...sql === undefined ? [] : ['', fenced('sql', sql)]].join('\n')
}

/** The anchor that GitHub creates from a heading. */
function anchor(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-')
}
