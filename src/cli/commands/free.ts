import { Command } from 'commander'
import { freeActivation } from '../../engine/settle-interrupted.ts'
import { Fault } from '../../model/fault.ts'
import { findActivation } from '../../store/project/activations.ts'
import { findHolder } from '../../store/runs/lock-holder.ts'
import { ask, canAsk } from '../ask.ts'
import { duration, plural } from '../../model/figures.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import { unknownActivation, withHistory } from '../../server/process/local-project.ts'

export const command = new Command('free')
  .description('free an activation from the process that holds it, for example a stuck one')
  .argument('<activation>', 'name of the activation')
  .option('--yes', 'do not ask for confirmation')
  .addHelpText(
    'after',
    `
Ends the session of that process in the control database, so that the process can write nothing more. Its Run ends as interrupted, and
records in flight are unconfirmed: the next Run reads them. After ten seconds without a heartbeat this command is not needed: the next
process that needs the activation takes it over.

Examples:
  $ tailrace workers
  $ tailrace free premium-customers`,
  )
  .action(async (name: string, { yes = false }: { yes?: boolean }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool, config) => {
      const row = await findActivation(pool, name)
      if (row === undefined)
        throw unknownActivation(name, [...((await config())?.activations.keys() ?? [])], globals.config)
      const holder = await findHolder(pool, row.id)
      if (holder !== undefined && !yes) {
        const heard = `${holder.worker} has held "${name}" since ${holder.since.toISOString()}; its last heartbeat was ${duration(Math.max(0, holder.silentMs))} ago.`
        if (!canAsk(terminal))
          throw new Fault('usage', `${heard} There is no terminal to ask for confirmation.`, {
            code: 'free-unconfirmed',
            advice: 'Check "tailrace workers", then add --yes.',
          })
        if (!(await ask(`${heard} End its Run and free the activation?`, host.stops.stop)))
          return await terminal.print('Nothing was ended.')
      }
      const { runs, unconfirmed, holder: ended } = await freeActivation(pool, row.id, name)
      if (globals.json)
        return await terminal.json({
          activation: name,
          freed: ended !== undefined || runs > 0,
          from: ended?.worker ?? null,
          runs,
          unconfirmed,
        })
      const words =
        ended === undefined && runs === 0
          ? 'no process holds it'
          : `freed${ended === undefined ? '' : ` from ${ended.worker}`}. ${plural(runs, 'Run')} ended as interrupted; ${plural(unconfirmed, 'record')} unconfirmed: the next Run reads them first.`
      await terminal.print(`${terminal.colors.green('✓')} ${terminal.colors.bold(name)}: ${words}`)
    })
  })
