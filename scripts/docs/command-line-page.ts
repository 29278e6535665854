import type { EventEmitter } from 'node:events'
import type { Argument, Command, Option } from 'commander'
import { code, fenced, generated, page, table } from './markdown.ts'

/** docs/command-line.md: the commands, from their own help texts. */
export function commandLinePage(program: Command): string {
  return page(
    '# Command line',
    generated,
    program.description(),
    table(
      ['command', 'does'],
      program.commands.map((command) => [
        `[${code(`tailrace ${command.name()}`)}](#${anchor(command)})`,
        command.description(),
      ]),
    ),
    '## Everywhere',
    optionTable(program.options),
    'With `--json`, stdout ends with one line of JSON: the answer, or `{"error": {"code", "message", …}}`. Progress goes to stderr.',
    table(
      ['exit code', 'means'],
      [
        ['0', 'done, or nothing to do'],
        [
          '1',
          'ended, but not everything is in place: rejected, invalid, on hold, unconfirmed, deferred, cancelled; `verify`: differences',
        ],
        [
          '2',
          'the command line or tailrace.yaml has an error, or it names a query, column or tag that is not valid; the same in `check`, `plan` and `run`',
        ],
        ['3', 'nothing was written: a guardrail blocked the Run, or the plan no longer matches'],
        ['4', 'the Run failed'],
        ['5', 'stopped by a guardrail or the canary, after writes'],
      ],
    ),
    'Failures have codes: see [What can go wrong](errors.md), or `tailrace explain CODE`.',
    ...program.commands.flatMap((command) => leaves(command)).flatMap(commandParts),
  )
}

/** The command, or its subcommands if it has any. */
function leaves(command: Command): readonly Command[] {
  return command.commands.length > 0 ? command.commands.flatMap(leaves) : [command]
}

function commandParts(command: Command): string[] {
  const { registeredArguments, options } = command
  const [about = '', examples] = afterHelp(command).split(/^Examples:\n/m)
  return [
    `## ${code(pathOf(command))}`,
    sentence(command.description()),
    fenced('sh', `${pathOf(command)} ${command.usage()}`),
    registeredArguments.length === 0
      ? ''
      : table(
          ['argument', ''],
          registeredArguments.map((argument) => [code(shown(argument)), argument.description]),
        ),
    optionTable(options),
    about.trim(),
    examples === undefined ? '' : fenced('sh', examples.replaceAll(/^ +\$ /gm, '')),
  ]
}

function optionTable(options: readonly Option[]): string {
  if (options.length === 0) return ''
  return table(
    ['option', 'what it does', 'default'],
    options.map(({ flags, description, argChoices, defaultValue }) => [
      code(flags),
      argChoices === undefined ? description : `${description}: ${argChoices.map(code).join(', ')}`,
      presetWords(defaultValue),
    ]),
  )
}

function presetWords(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? code(String(value)) : ''
}

/** The text given to `addHelpText('after')`. Commander stores it as event listeners, which its types do not show. */
function afterHelp(command: Command): string {
  let text = ''
  const listening = command as unknown as EventEmitter
  listening.emit('afterHelp', {
    error: false,
    command,
    write: (part: string) => {
      text += part
    },
  })
  return text
}

function shown(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

function anchor(command: Command): string {
  const [first = command] = leaves(command)
  return pathOf(first).replaceAll(' ', '-')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
