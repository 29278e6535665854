// Written by `npm run gen` from the commands in src/cli/commands/. Do not edit.
import type { ListedCommand } from './load-commands.ts'

export const commandList: readonly ListedCommand[] = [
  { name: 'apply', args: '[file]', description: 'bring the server in step with a tailrace.yaml: shown first, then done as a whole or not at all' },
  { name: 'cancel', args: '<run>', description: 'stop a Run safely, from any terminal: what is in flight is finished and written down' },
  { name: 'check', args: '[activations...]', description: 'validate tailrace.yaml; try every connection, right, query and tag in it, and the control database of DATABASE_URL' },
  { name: 'demo', args: '', description: 'see it work: sample warehouse, emulated Intercom, real Runs, the web UI; nothing to set up' },
  { name: 'emulator', args: '', description: 'run a local stand-in for a Target, to try things without an account' },
  { name: 'explain', args: '[code]', description: 'say what a failure\'s code means, who can fix it, and whether it is tried again' },
  { name: 'export', args: '', description: 'print what is saved in the server as a tailrace.yaml' },
  { name: 'fields', args: '<name> [object]', description: 'list the fields that values may go to, as the target has them now' },
  { name: 'free', args: '<activation>', description: 'take an activation from the process that holds it, such as one that is stuck' },
  { name: 'init', args: '', description: 'write a commented tailrace.yaml to start from' },
  { name: 'pause', args: '[activations...]', description: 'pause activations that are saved in a server: no scheduled Runs until they are resumed' },
  { name: 'plan', args: '<activation>', description: 'show every write a Run would make now, and send nothing' },
  { name: 'resume', args: '[activations...]', description: 'resume activations that are saved in a server: scheduled Runs again' },
  { name: 'retry', args: '<activation>', description: 'run an activation, and ask again for every record that the Target rejected before' },
  { name: 'run', args: '<activation>', description: 'run an activation: read the query, send what is new, prove what landed' },
  { name: 'runs', args: '[activation]', description: 'list Runs, newest first' },
  { name: 'show', args: '<run>', description: 'show one Run: what it did, what failed and why; or list its records' },
  { name: 'test', args: '[files...]', description: 'try activations on cases of your own: rows, Intercom before, expected writes; no credentials' },
  { name: 'undo', args: '<run>', description: 'take a Run back: only what it changed, and nobody has touched since' },
  { name: 'up', args: '', description: 'start the server: web UI, API, scheduler and worker in one process' },
  { name: 'verify', args: '<activation>', description: 'read back what an activation holds, and tell what people changed since' },
  { name: 'why', args: '<activation> <identifier>', description: 'tell one record\'s whole story: every attempt, the answer, and what comes next' },
  { name: 'worker', args: '', description: 'work on Runs of a server, without API and web UI: for more machines' },
  { name: 'workers', args: '', description: 'list the processes that work on this control database, with their last heartbeat' },
]
