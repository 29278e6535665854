import { Command } from 'commander'
import { Fault } from '../model/fault.ts'
import { withConfigPlace } from './config-place.ts'
import { globalsOf, hostOf } from '../server/process/host.ts'

interface PauseOptions {
  readonly all?: boolean
  readonly server?: string
}

/** `tailrace pause` and `tailrace resume`, for Activations saved in a server. */
export function pauseCommand(paused: boolean): Command {
  const [verb, done, what] = paused
    ? ['pause', 'paused', 'no scheduled Runs until they are resumed']
    : ['resume', 'resumed', 'their schedules continue']
  return new Command(verb)
    .description(`${verb} activations that are saved in a server: ${what}`)
    .argument('[activations...]', 'names of the activations')
    .option('--all', 'all saved activations')
    .option(
      '--server <url>',
      'through the API of a server, with TAILRACE_PASSWORD (default: the control database of this project)',
    )
    .addHelpText(
      'after',
      `
${paused ? 'A running Run continues ("tailrace cancel" stops it), and Runs can still be started manually.' : 'An activation whose schedule was due during the pause runs once, soon after.'}

Examples:
  $ tailrace ${verb} premium-customers
  $ tailrace ${verb} --all --server https://tailrace.example`,
    )
    .action(async (named: readonly string[], { all = false, server }: PauseOptions, self: Command) => {
      const host = hostOf(self)
      const globals = globalsOf(self)
      if (all === named.length > 0) {
        throw all
          ? new Fault('usage', '--all and names of activations cannot be used together.', {
              code: 'conflicting-option',
              advice: 'Use one of the two.',
            })
          : new Fault('usage', `Which activations to ${verb}?`, {
              code: 'missing-argument',
              advice: 'Name them, or give --all.',
            })
      }
      const changed = await withConfigPlace(
        host,
        globals,
        server,
        async (place) => await place.pause(all ? undefined : named, paused),
      )
      if (globals.json) return await host.terminal.json({ [done]: changed })
      if (changed.length === 0) return await host.terminal.print('No activation is saved in the server.')
      for (const name of changed) await host.terminal.print(`${host.terminal.colors.green('✓')} ${name} ${done}`)
    })
}
