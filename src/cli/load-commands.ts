import { Command } from 'commander'

/** What help says of a command. */
export interface ListedCommand {
  readonly name: string
  /** As in its usage: `<activation> [run]`. */
  readonly args: string
  readonly description: string
}

/**
 * The commands of a program for this command line: the one that it names, and of the others what help and guesses at a misspelt name
 * need. Loading all of them takes many times as long as most of them run.
 */
export async function loadCommands(argv: readonly string[], list: readonly ListedCommand[], loaders: Readonly<Record<string, () => Promise<Command>>>): Promise<readonly Command[]> {
  const wanted = commandIn(argv)
  return await Promise.all(list.map(async (listed) => await (listed.name === wanted ? loaders[listed.name]?.() : undefined) ?? placeholder(listed)))
}

/** The first word that is no global option nor its value; of `help` the one behind it. */
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
