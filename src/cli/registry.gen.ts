// Written by `npm run gen` from the contents of src/cli/commands/. Do not edit.
import type { Command } from 'commander'
import { command as check } from './commands/check.ts'
import { command as plan } from './commands/plan.ts'
import { command as run } from './commands/run.ts'

export const commands: readonly Command[] = [check, plan, run]
