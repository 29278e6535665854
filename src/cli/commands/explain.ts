import { Command } from 'commander'
import { nearestNames } from '../../model/nearest-names.ts'
import { catalogue } from '../../catalogue.ts'
import type { CatalogueEntry } from '../../model/catalogue/entry.ts'
import { Fault } from '../../model/fault.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import { table } from '../output/table.ts'
import type { Colors } from '../../server/process/terminal.ts'

export const command = new Command('explain')
  .description('explain an error code: what it means, who can fix it, and whether it is tried again')
  .argument('[code]', 'the code in brackets after a message; without it, all codes are listed')
  .addHelpText(
    'after',
    `
Examples:
  $ tailrace explain tag-not-found
  $ tailrace explain`,
  )
  .action(async (written: string | undefined, _options: unknown, self: Command) => {
    const { terminal } = hostOf(self)
    const { json } = globalsOf(self)
    if (written === undefined) {
      if (json)
        return await terminal.json({
          codes: catalogue.flatMap(({ title, entries }) => entries.map((entry) => ({ area: title, ...entry }))),
        })
      for (const line of listLines(terminal.colors, terminal.width)) await terminal.print(line)
      return
    }
    const entry = find(written)
    if (json) return await terminal.json(entry)
    for (const line of entryLines(entry, terminal.colors)) await terminal.print(line)
  })

/** Accepts a code with its brackets, as copied from a message. */
function find(written: string): CatalogueEntry {
  const code = written.replaceAll(/^\[|\]$/g, '').toLowerCase()
  const entries = catalogue.flatMap((area) => area.entries)
  const entry = entries.find((candidate) => candidate.code === code)
  if (entry !== undefined) return entry
  const near = nearestNames(
    code,
    entries.map((candidate) => candidate.code),
  ).slice(0, 3)
  throw new Fault('usage', `There is no code "${code}".`, {
    code: 'code-not-found',
    advice: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '"tailrace explain" lists them all.',
  })
}

function entryLines(
  { code, title, cause, whoFixes, retried, fix, sql }: CatalogueEntry,
  { bold, dim }: Colors,
): string[] {
  return [
    `${bold(title)} ${dim(`[${code}]`)}`,
    '',
    cause,
    '',
    `${dim('Who can fix it  ')}${whoFixes}`,
    `${dim('Tried again     ')}${retried}`,
    `${dim('What to do      ')}${fix}`,
    ...(sql === undefined ? [] : ['', `  ${sql}`]),
  ]
}

function listLines({ bold, dim }: Colors, width: number): string[] {
  const codeWidth = Math.max(...catalogue.flatMap(({ entries }) => entries.map(({ code }) => code.length)))
  const columns = [
    { title: '', width: codeWidth },
    { title: '', wraps: true },
  ]
  return catalogue.flatMap(({ title, entries }, at) => [
    ...(at > 0 ? [''] : []),
    bold(title),
    ...table(
      columns,
      entries.map((entry) => [entry.code, entry.title]),
      { dim, width: width - 2 },
    ).map((line) => `  ${line}`),
  ])
}
