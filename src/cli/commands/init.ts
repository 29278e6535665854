import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { starterConfig } from '../../config/starter.ts'
import { Fault } from '../../model/fault.ts'
import { configOption, globalsOf, hostOf } from '../host.ts'

export const command = new Command('init')
  .description('write a commented tailrace.yaml to start from')
  .addHelpText('after', `
Never overwrites a file.

Examples:
  $ tailrace init
  $ tailrace init --config staging.yaml`)
  .action(async (_options: unknown, self: Command) => {
    const { terminal } = hostOf(self)
    const globals = globalsOf(self)
    const { config: file, json } = globals
    await writeFile(file, starterConfig(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw cannotWrite(file, error)
    })
    if (json) return await terminal.json({ written: file })
    const { green, cyan, dim } = terminal.colors
    const option = configOption(globals)
    const lines = [
      `${green('✓')} wrote ${file}`,
      '',
      'Next:',
      `  1. set INTERCOM_TOKEN, or start a local Intercom: ${cyan('tailrace emulator intercom')}`,
      `  2. edit ${file}: your warehouse, your query, your tag`,
      `  3. ${cyan(`tailrace check${option}`)}                     ${dim('tries every connection and query')}`,
      `  4. ${cyan(`tailrace plan premium-customers${option}`)}    ${dim('shows every write, sends nothing')}`,
      `  5. ${cyan(`tailrace test${option}`)}                      ${dim('runs cases of your own without credentials, for pull requests')}`,
      dim('     how to write them: docs/testing-your-activations.md'),
    ]
    for (const line of lines) await terminal.print(line)
  })

function cannotWrite(file: string, error: NodeJS.ErrnoException): Fault {
  if (error.code === 'EEXIST') {
    return new Fault('usage', `${file} is there already, and is left as it is.`, { code: 'config-exists', advice: '--config names another file.', cause: error })
  }
  return new Fault('usage', `${file} cannot be written: ${error.code ?? error.message}`, { code: 'config-not-written', cause: error })
}
