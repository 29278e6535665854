import { Command } from 'commander'
import { readTextFile } from '../../config/source/read-text-file.ts'
import { Fault } from '../../model/fault.ts'
import { ask, canAsk } from '../ask.ts'
import { withConfigPlace } from '../config-place.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import type { ReplyOf } from '../../api/endpoint.ts'
import type { applyConfig } from '../../api/config/contract.ts'
import { plural } from '../../model/figures.ts'
import type { Colors } from '../../server/process/terminal.ts'

interface ApplyOptions {
  readonly file?: string
  readonly prune?: boolean
  readonly yes?: boolean
  readonly server?: string
}

export const command = new Command('apply')
  .description('apply a tailrace.yaml to the server: shows the changes first, then makes all of them or none')
  .argument('[file]', 'the tailrace.yaml (default: that of --config)')
  .option('-f, --file <file>', 'the same as the argument')
  .option('--prune', 'also remove entries that the file does not contain')
  .option('--yes', 'do not ask for confirmation')
  .option(
    '--server <url>',
    'through the API of a server, with TAILRACE_PASSWORD (default: the control database of this project)',
  )
  .addHelpText(
    'after',
    `
The file overrides the saved entries with the same names. Other saved entries stay as they are, unless --prune is given. The state
of a removed activation is kept under its name. Without a terminal to ask for confirmation, --yes is required.

Exit codes: 0 done, or nothing to do · 1 declined at the prompt · 2 the file is invalid · 3 not confirmed, nothing done · 4 failed.

Examples:
  $ tailrace apply
  $ tailrace apply staging.yaml --prune --yes --server https://tailrace.example`,
  )
  .action(
    async (
      named: string | undefined,
      { file: option, prune = false, yes = false, server }: ApplyOptions,
      self: Command,
    ) => {
      const host = hostOf(self)
      const globals = globalsOf(self)
      if (named !== undefined && option !== undefined && named !== option) {
        throw new Fault('usage', `Two files are named: ${named} and ${option}.`, {
          code: 'conflicting-option',
          advice: 'Name only one of them.',
        })
      }
      const file = named ?? option ?? globals.config
      const { terminal } = host
      const yaml = await readTextFile(file, { code: 'config-not-found', advice: '"tailrace export" writes one.' })
      await withConfigPlace(host, globals, server, async (place) => {
        const shown = await place.apply({ yaml, prune }, file)
        const figures = changeFigures(shown.changes)
        if (!globals.json) for (const line of changeLines(shown.changes, terminal.colors)) await terminal.print(line)
        if (figures === '') return globals.json ? await terminal.json(shown) : undefined
        if (!yes) {
          if (!canAsk(terminal)) {
            throw new Fault(
              'blocked',
              `Nothing was applied (${figures}): there is no terminal to ask for confirmation.`,
              { code: 'apply-unconfirmed', advice: 'Check the changes, then add --yes.' },
            )
          }
          if (!(await ask(`Apply: ${figures}?`, host.stops.stop))) {
            await terminal.print('Nothing was applied.')
            return host.exit(1)
          }
        }
        const done = await place.apply({ yaml, prune, apply: true, expect: shown.hash }, file)
        if (globals.json) await terminal.json(done)
        else await terminal.print(`${terminal.colors.green('✓')} applied`)
      })
    },
  )

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
