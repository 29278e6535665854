import { Command } from 'commander'

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
