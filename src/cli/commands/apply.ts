import { Command } from 'commander'
import { readTextFile } from '../../config/source/read-text-file.ts'
import { Fault } from '../../model/fault.ts'
import { ask, canAsk } from '../ask.ts'
import { changeFigures, changeLines } from '../output/change-lines.ts'
import { withConfigPlace } from '../config-place.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'

interface ApplyOptions {
  readonly file?: string
  readonly prune?: boolean
  readonly yes?: boolean
  readonly server?: string
}

export const command = new Command('apply')
  .description('bring the server in step with a tailrace.yaml: shown first, then done as a whole or not at all')
  .argument('[file]', 'the tailrace.yaml (default: that of --config)')
  .option('-f, --file <file>', 'the same, as an option')
  .option('--prune', 'also remove what the file does not name')
  .option('--yes', 'do it without asking')
  .option('--server <url>', 'through the API of a server, with TAILRACE_PASSWORD (default: the control database of this project)')
  .addHelpText('after', `
The file wins for what it names. What it does not name stays as it is, unless --prune is given. An activation that goes is
remembered under its name. Where nobody can be asked, it needs --yes.

Exit codes: 0 done, or nothing to do · 1 the answer was no · 2 something in the file is wrong · 3 not confirmed, nothing done ·
4 it failed.

Examples:
  $ tailrace apply
  $ tailrace apply staging.yaml --prune --yes --server https://tailrace.example`)
  .action(async (named: string | undefined, { file: option, prune = false, yes = false, server }: ApplyOptions, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    if (named !== undefined && option !== undefined && named !== option) {
      throw new Fault('usage', `Two files are named: ${named} and ${option}.`, { code: 'conflicting-option', advice: 'Leave one of them out.' })
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
          throw new Fault('blocked', `Nothing was applied (${figures}): nobody is here to confirm it.`, { code: 'apply-unconfirmed', advice: 'Look at the changes, then add --yes.' })
        }
        if (!await ask(`Apply: ${figures}?`, host.stops.stop)) {
          await terminal.print('Nothing was applied.')
          return host.exit(1)
        }
      }
      const done = await place.apply({ yaml, prune, apply: true, expect: shown.hash }, file)
      if (globals.json) await terminal.json(done)
      else await terminal.print(`${terminal.colors.green('✓')} applied`)
    })
  })
