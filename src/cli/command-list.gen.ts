// Written by `npm run gen` from the commands in src/cli/commands/. Do not edit.
import type { ListedCommand } from './program.ts'

export const commandList: readonly ListedCommand[] = [
  { name: 'apply', args: '[file]', description: 'apply a tailrace.yaml to the server: shows the changes first, then makes all of them or none' },
  { name: 'cancel', args: '<run>', description: 'stop a Run safely, from any terminal: requests in flight are finished and recorded' },
  { name: 'check', args: '[activations...]', description: 'validate tailrace.yaml; test every connection, permission, query and tag in it, and the control database of DATABASE_URL' },
  { name: 'demo', args: '', description: 'see it work: sample warehouse, emulated Intercom, real Runs, the web UI; nothing to set up' },
  { name: 'emulator', args: '', description: 'run a local emulator of a Target, for tests without an account' },
  { name: 'explain', args: '[code]', description: 'explain an error code: what it means, who can fix it, and whether it is tried again' },
  { name: 'export', args: '', description: 'print the config saved in the server as a tailrace.yaml' },
  { name: 'fields', args: '<name> [object]', description: 'list the fields of an object that can be mapped, as the target has them now' },
  { name: 'free', args: '<activation>', description: 'free an activation from the process that holds it, for example a stuck one' },
  { name: 'init', args: '', description: 'write a commented tailrace.yaml to start from' },
  { name: 'pause', args: '[activations...]', description: 'pause activations that are saved in a server: no scheduled Runs until they are resumed' },
  { name: 'plan', args: '<activation>', description: 'show every write a Run would make now, and send nothing' },
  { name: 'resume', args: '[activations...]', description: 'resume activations that are saved in a server: their schedules continue' },
  { name: 'retry', args: '<activation>', description: 'run an activation, and send again every record that the Target rejected before' },
  { name: 'run', args: '<activation>', description: 'run an activation: read the query, send the changes, record every result' },
  { name: 'runs', args: '[activation]', description: 'list Runs, newest first' },
  { name: 'show', args: '<run>', description: 'show one Run: what it did, what failed and why; or list its records' },
  { name: 'test', args: '[files...]', description: 'test activations on your own cases: rows, Intercom before, expected writes; no credentials' },
  { name: 'undo', args: '<run>', description: 'undo a Run: only what it changed and no one has changed since' },
  { name: 'up', args: '', description: 'start the server: web UI, API, scheduler and worker in one process' },
  { name: 'verify', args: '<activation>', description: 'read back what an activation wrote, and report what was changed since' },
  { name: 'why', args: '<activation> <identifier>', description: 'show the history of one record: every attempt, the answers, and the next step' },
  { name: 'worker', args: '', description: 'perform Runs of a server, without API and web UI: for more machines' },
  { name: 'workers', args: '', description: 'list the processes that work on this control database, with their last heartbeat' },
]
