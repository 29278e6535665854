import { Command, InvalidArgumentError, Option } from 'commander'
import type { EmulatorOption, EmulatorSpec } from '../../emulator-kit/emulator.ts'
import { parseDuration } from '../../rules/duration.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import { portTaken } from '../../server/server-options.ts'
import { untilStopped } from '../../server/process/stop-signals.ts'
import { emulators } from '../../targets/emulators.gen.ts'

export const command = new Command('emulator').description(
  'run a local emulator of a Target, for tests without an account',
)
for (const load of Object.values(emulators)) command.addCommand(emulatorCommand((await load()).emulator))

function emulatorCommand(spec: EmulatorSpec): Command {
  const made = new Command(spec.id)
    .description(`emulate ${spec.name} locally, with ${spec.emulates}`)
    .option('--port <number>', 'port on 127.0.0.1; 0 chooses a free port', readCount, spec.port)
    .addHelpText(
      'after',
      `\nExamples:${spec.examples.map((example) => `\n  $ tailrace emulator ${spec.id} ${example}`).join('')}`,
    )
  for (const [name, option] of Object.entries(spec.options)) made.addOption(optionOf(name, option))
  return made.action(async ({ port, ...values }: { readonly port: number }, self: Command) => {
    const host = hostOf(self)
    const { terminal } = host
    const started = await spec.start(values, port).catch((error: unknown) => {
      throw portTaken(port, error)
    })
    const { url, token } = started
    const { bold, dim, cyan } = terminal.colors
    const paths = started.inspect.map(({ path, shows }) => ({ call: `curl "${url}/_emulator/${path}"`, shows }))
    const width = Math.max(...paths.map(({ call }) => call.length))
    try {
      if (globalsOf(self).json) await terminal.json({ url, token })
      else
        for (const line of [
          `${bold(spec.name)} (emulated) listens on ${cyan(url)}`,
          `  ${started.holds}`,
          '',
          'In tailrace.yaml:',
          '  targets:',
          `    ${spec.id}: { ${started.settings} }`,
          '',
          'Inspect it:',
          ...paths.map(({ call, shows }) => `  ${call.padEnd(width)}   ${dim(`# ${shows}`)}`),
          '',
          dim('Ctrl-C stops it; no data is kept.'),
        ])
          await terminal.print(line)
      await untilStopped(host.stops)
    } finally {
      await started.close()
    }
  })
}

function optionOf(name: string, option: EmulatorOption): Option {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const { kind, description } = option
  const word = flag.slice(flag.lastIndexOf('-') + 1)
  if (kind === 'texts') return new Option(`${flag} <${word}...>`, description).default([])
  const value = kind === 'count' ? 'number' : kind === 'duration' ? kind : word
  const made = new Option(`${flag} <${value}>`, description).default(option.default)
  if (kind === 'count') return made.argParser(readCount)
  if (kind === 'duration') return made.argParser(readWait)
  return kind === 'choice' ? made.choices(option.choices) : made
}

function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.')
  return Number(text)
}

function readWait(text: string): number {
  const ms = /^(\d{1,7}) *ms$/.exec(text)?.[1] ?? (text === '0' ? text : undefined)
  const wait = ms === undefined ? parseDuration(text) : Number(ms)
  if (wait === undefined) throw new InvalidArgumentError('Write a duration such as 50ms or 30s.')
  return wait
}
