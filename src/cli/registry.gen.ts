// Written by `npm run gen` from the contents of src/cli/commands/. Do not edit.
import type { Command } from 'commander'

export const commands: readonly Command[] = []
