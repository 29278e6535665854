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
  .description('take an activation from the process that holds it, such as one that is stuck')
  .argument('<activation>', 'its name')
  .option('--yes', 'do it without asking')
  .addHelpText('after', `
Ends that process's session in the control database, so that it can write nothing any more, and ends its Run as interrupted. What it had in
flight is unconfirmed: the next Run reads it. A process that has given no sign of life for ten seconds is taken over without this.

Examples:
  $ tailrace workers
  $ tailrace free premium-customers`)
  .action(async (name: string, { yes = false }: { yes?: boolean }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool, config) => {
      const row = await findActivation(pool, name)
      if (row === undefined) throw unknownActivation(name, [...(await config())?.activations.keys() ?? []], globals.config)
      const holder = await findHolder(pool, row.id)
      if (holder !== undefined && !yes) {
        const heard = `${holder.worker} holds "${name}" since ${holder.since.toISOString()}; its last heartbeat was ${duration(Math.max(0, holder.silentMs))} ago.`
        if (!canAsk(terminal)) throw new Fault('usage', `${heard} Nobody is here to confirm that it is to be ended.`, { code: 'free-unconfirmed', advice: 'Look at "tailrace workers", then add --yes.' })
        if (!await ask(`${heard} End its Run and free the activation?`, host.stops.stop)) return await terminal.print('Nothing was ended.')
      }
      const { runs, unconfirmed, holder: ended } = await freeActivation(pool, row.id, name)
      if (globals.json) return await terminal.json({ activation: name, freed: ended !== undefined || runs > 0, from: ended?.worker ?? null, runs, unconfirmed })
      const words = ended === undefined && runs === 0 ? 'nobody holds it' : `free${ended === undefined ? '' : `, taken from ${ended.worker}`}. ${plural(runs, 'Run')} ended as interrupted; ${plural(unconfirmed, 'record')} unconfirmed: the next Run reads them first.`
      await terminal.print(`${terminal.colors.green('✓')} ${terminal.colors.bold(name)}: ${words}`)
    })
  })
