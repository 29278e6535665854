import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { starterConfig } from '../../config/starter.ts'
import { Fault } from '../../model/fault.ts'
import { fileTrouble } from '../../model/machine-trouble.ts'
import { howToCall } from '../how-to-call.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'

export const command = new Command('init')
  .description('write a commented tailrace.yaml to start from')
  .addHelpText(
    'after',
    `
Never overwrites a file.

Examples:
  $ tailrace init
  $ tailrace init --config staging.yaml`,
  )
  .action(async (_options: unknown, self: Command) => {
    const host = hostOf(self)
    const { terminal } = host
    const globals = globalsOf(self)
    const { config: file, json } = globals
    await writeFile(file, starterConfig(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw cannotWrite(file, error)
    })
    if (json) return await terminal.json({ written: file })
    const { green, cyan, dim } = terminal.colors
    const option = configOption(globals)
    const tailrace = howToCall(host)
    const steps: readonly (readonly [string, string])[] = [
      [`${tailrace} check${option}`, 'tries every connection and query'],
      [`${tailrace} plan premium-customers${option}`, 'shows every write, sends nothing'],
      [`${tailrace} test${option}`, 'runs your test cases without credentials, for pull requests'],
    ]
    const lines = [
      `${green('✓')} wrote ${file}`,
      '',
      'Next:',
      `  1. set INTERCOM_TOKEN, or start a local Intercom; it prints what to write into ${file}:`,
      `     ${cyan(`${tailrace} emulator intercom`)}`,
      `  2. edit ${file}: your warehouse, your query, your tag`,
      ...steps.flatMap(([command, does], at) => [`  ${at + 3}. ${cyan(command)}`, `     ${dim(does)}`]),
      dim('     how to write them: docs/testing-your-activations.md'),
    ]
    for (const line of lines) await terminal.print(line)
  })

function cannotWrite(file: string, error: NodeJS.ErrnoException): Fault {
  if (error.code === 'EEXIST') {
    return new Fault('usage', `${file} already exists and was not changed.`, {
      code: 'config-exists',
      advice: 'Name another file with --config.',
      cause: error,
    })
  }
  return new Fault('usage', `${file} cannot be written: ${fileTrouble(error, 'write')}.`, {
    code: 'config-not-written',
    cause: error,
  })
}
