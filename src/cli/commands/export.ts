import { Command } from 'commander'
import { withConfigPlace } from '../config-place.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'

export const command = new Command('export')
  .description('print the config saved in the server as a tailrace.yaml')
  .option(
    '--server <url>',
    'through the API of a server, with TAILRACE_PASSWORD (default: the control database of this project)',
  )
  .addHelpText(
    'after',
    `
Secrets that were entered directly are not printed; the file names a variable for each. Applying the file to the same server keeps them.

Examples:
  $ tailrace export > tailrace.yaml
  $ tailrace export --server http://localhost:4000`,
  )
  .action(async ({ server }: { server?: string }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const yaml = await withConfigPlace(host, globals, server, async (place) => await place.export())
    if (globals.json) await host.terminal.json({ yaml })
    else await host.terminal.write(yaml)
  })
