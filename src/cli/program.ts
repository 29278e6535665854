import { Command, CommanderError } from 'commander'
import { equip, type Host } from '../server/process/host.ts'

/** The command that rejected each command line. */
const rejected = new WeakMap<CommanderError, Command>()

/** The full name of the command that rejected its command line (`tailrace emulator intercom`), and its subcommands. */
export function whoRejected(error: CommanderError): { readonly path: string; readonly subcommands: readonly string[] } {
  const command = rejected.get(error)
  const path: string[] = []
  for (let at: Command | null = command ?? null; at !== null; at = at.parent) path.unshift(at.name())
  return {
    path: path.length === 0 ? 'tailrace' : path.join(' '),
    subcommands: command?.commands.map((each) => each.name()) ?? [],
  }
}

/** The whole command line. Errors are thrown, and printed by main. */
export function createProgram(commands: readonly Command[], host: Host, version: string): Command {
  const program = new Command('tailrace')
    .description(
      'Writes tags and fields in your SaaS tools from a query on your warehouse. It shows every write first, keeps to rate limits, and records every result.',
    )
    .version(version)
    .option('--config <file>', 'the config file (default: ./tailrace.yaml)')
    .option('--json', 'print one line of JSON as the last line of stdout; progress goes to stderr')
    .addHelpText(
      'after',
      `
Examples:
  $ tailrace demo                       try Tailrace, with no setup
  $ tailrace init                       write a commented tailrace.yaml
  $ tailrace check                      test every connection and query in it
  $ tailrace plan premium-customers     show every write, and send nothing
  $ tailrace run premium-customers      send them

State is kept in .tailrace beside the config file (TAILRACE_HOME names another folder), or in your PostgreSQL (DATABASE_URL).`,
    )
  for (const command of commands) program.addCommand(command)
  for (const command of withSubcommands(program)) {
    // main prints errors of the command line, like all other errors.
    command
      .exitOverride((error) => {
        rejected.set(error, command)
        throw error
      })
      .configureOutput({
        outputError: () => undefined,
        writeOut: (text) => void host.terminal.write(text),
        writeErr: (text) => host.terminal.note(text.replace(/\n$/, '')),
      })
    command.configureHelp({ showGlobalOptions: command !== program })
  }
  equip(program, host)
  return program
}

/** True if help or version was printed. Without a command, help is printed too, but the command line is wrong. */
export function isQuietEnd(error: unknown): error is CommanderError {
  if (!(error instanceof CommanderError)) return false
  return (
    error.code === 'commander.helpDisplayed' || error.code === 'commander.version' || error.code === 'commander.help'
  )
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

/** What help shows for a command. */
export interface ListedCommand {
  readonly name: string
  /** Arguments as in its usage: `<activation> [run]`. */
  readonly args: string
  readonly description: string
}

/**
 * Loads only the command that the command line names. The others are placeholders for help and for suggestions after a
 * typing error. Loading all commands would take many times longer than most commands run.
 */
export async function loadCommands(
  argv: readonly string[],
  list: readonly ListedCommand[],
  loaders: Readonly<Record<string, () => Promise<Command>>>,
): Promise<readonly Command[]> {
  const wanted = commandIn(argv)
  return await Promise.all(
    list.map(
      async (listed) => (await (listed.name === wanted ? loaders[listed.name]?.() : undefined)) ?? placeholder(listed),
    ),
  )
}

/** The first word that is neither a global option nor its value; for `help` the next word. */
function commandIn(argv: readonly string[]): string | undefined {
  const words = argv.filter((word, index) => !word.startsWith('-') && argv[index - 1] !== '--config')
  return words[0] === 'help' ? words[1] : words[0]
}

function placeholder({ name, args, description }: ListedCommand): Command {
  const command = new Command(name).description(description).action(() => {
    throw new Error(`the command ${name} was not loaded`)
  })
  return args === '' ? command : command.arguments(args)
}
