// Written by `npm run gen` from the contents of src/cli/commands/. Do not edit.
import type { Command } from 'commander'
import { command as cancel } from './commands/cancel.ts'
import { command as check } from './commands/check.ts'
import { command as demo } from './commands/demo.ts'
import { command as emulator } from './commands/emulator.ts'
import { command as explain } from './commands/explain.ts'
import { command as init } from './commands/init.ts'
import { command as plan } from './commands/plan.ts'
import { command as retry } from './commands/retry.ts'
import { command as run } from './commands/run.ts'
import { command as runs } from './commands/runs.ts'
import { command as show } from './commands/show.ts'
import { command as test } from './commands/test.ts'
import { command as undo } from './commands/undo.ts'
import { command as verify } from './commands/verify.ts'
import { command as why } from './commands/why.ts'

export const commands: readonly Command[] = [cancel, check, demo, emulator, explain, init, plan, retry, run, runs, show, test, undo, verify, why]
