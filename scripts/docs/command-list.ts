import type { Command } from 'commander'

/** src/cli/command-list.gen.ts: the help text of each command, so that help does not load the commands. */
export function commandList(commands: readonly Command[]): string {
  const entries = commands.map((command) => {
    const args = command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`
      return argument.required ? `<${name}>` : `[${name}]`
    })
    return `  { name: ${text(command.name())}, args: ${text(args.join(' '))}, description: ${text(command.description())} },\n`
  })
  return `// Written by \`npm run gen\` from the commands in src/cli/commands/. Do not edit.
import type { ListedCommand } from './program.ts'

export const commandList: readonly ListedCommand[] = [\n${entries.join('')}]\n`
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
