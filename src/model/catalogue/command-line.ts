import type { CatalogueArea, CatalogueEntry } from './entry.ts'

const mistyped = (code: string, title: string, cause: string, fix: string): CatalogueEntry =>
  ({ code, title, cause, whoFixes: 'you: the command line', retried: 'no', fix })

export const commandLine: CatalogueArea = {
  title: 'The command line',
  entries: [
    mistyped('unknown-command', 'Unknown command', 'The first word after tailrace is not a command.', 'See "tailrace --help".'),
    mistyped('unknown-option', 'Unknown option', 'The command does not have this option.', 'See "tailrace COMMAND --help".'),
    mistyped('missing-argument', 'An argument is missing', 'The command needs one more argument, such as the name of an activation.', 'See "tailrace COMMAND --help".'),
    mistyped('excess-arguments', 'Too many arguments', 'The command accepts fewer arguments.', 'Remove the extra argument. Put quotes around a value that contains spaces.'),
    mistyped('invalid-argument', 'Invalid argument', 'The value of an argument or option has the wrong format.', 'Use the format that the message describes.'),
    mistyped('option-missing-argument', 'An option has no value', 'The option needs a value, but it is the last word of the command line, or another option follows.', 'Add the value after the option.'),
    mistyped('missing-mandatory-option-value', 'A required option is missing', 'The command requires this option.', 'Add the option; see "tailrace COMMAND --help".'),
    mistyped('conflicting-option', 'Two options conflict', 'The command line has two options that cannot be used together.', 'Remove one of them.'),
    mistyped('activation-not-found', 'Activation not found', 'tailrace.yaml has no activation with this name, and no Run used this name.', 'Correct the name. The message lists the existing names.'),
    mistyped('target-not-found', 'Target not found', 'tailrace.yaml has no target with this name.', 'Correct the name. The message lists the existing names.'),
    mistyped('object-not-found', 'Object not found', 'The target has no object with this name, or the command names no object.', 'Correct the name. The message lists the objects that have fields.'),
    mistyped('object-without-fields', 'The object has no fields', 'The object has tags or other memberships, but no fields.', 'Name an object such as contact or company.'),
    mistyped('run-not-found', 'Run not found', 'The control database has no Run with this number.', 'Find the number with "tailrace runs". If the Run belongs to another project, name its config with --config.'),
    mistyped('free-unconfirmed', 'The command was not confirmed', 'There is no terminal to ask for confirmation, and --yes is not set. No session was ended.', 'See "tailrace workers", then add --yes.'),
    mistyped('cases-not-found', 'No test cases found', 'The files that "tailrace test" reads contain no cases, or do not exist.', 'Put cases into tailrace.test.yaml next to tailrace.yaml, or name the files on the command line.'),
    mistyped('case-not-found', 'No case matches these words', 'No case contains these words in its name or its activation.', 'Use fewer or other words. Without words, all cases run.'),
    mistyped('edit-impossible', 'An edit in a case cannot be made', 'The case edits a record or tag that does not exist in the emulated Intercom at that step.', 'Correct the edit, or add the record or tag under "before".'),
    {
      code: 'junit-not-written', title: 'The test report cannot be written', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder of the report does not exist, you cannot write to it, or its disk is full.', fix: 'Use another path.',
    },
    mistyped('plan-not-read', 'The saved plan cannot be read', 'The file that --plan names does not exist, or you cannot read it.', 'Correct the path. "tailrace plan --out" saves a plan.'),
    mistyped('plan-for-another', 'The plan is for another activation', 'A saved plan is for one activation, and the command names another activation.', 'Name the activation of the plan.'),
    mistyped('plan-format', 'The plan has another format version', 'Another version of Tailrace wrote the file, in a format that this version does not read.', 'Make a new plan with "tailrace plan --out", review it, and run the new plan.'),
    {
      code: 'plan-not-written', title: 'The plan cannot be saved', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder of the file does not exist, you cannot write to it, or its disk is full.', fix: 'Use another path with --out.',
    },
    mistyped('code-not-found', 'Unknown code', 'The catalogue of errors has no entry with this code.', '"tailrace explain" lists all codes.'),
    mistyped('config-exists', 'The file exists already', '"tailrace init" never overwrites a file.', 'Use another path with --config, or move the existing file.'),
    {
      code: 'config-not-written', title: 'The file cannot be written', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder does not exist, you cannot write to it, or its disk is full.',
      fix: 'Start in a folder that you can write to, or use another path with --config.',
    },
    mistyped('port-taken', 'The port is in use', 'Another program on this machine listens on this port.', 'Stop that program, or use another port. --port 0 uses a free port.'),
    mistyped('port-unusable', 'The port cannot be used', 'The port is reserved for the system, or it is not a valid port number.', 'Use a port from 1024 to 65535, or --port 0.'),
    mistyped('password-required', 'The server needs a password', 'The server is set to listen on more than this machine, and TAILRACE_PASSWORD is not set.', 'Set TAILRACE_PASSWORD, or remove --host.'),
    mistyped('demo-running', 'Another demo is running in this folder', 'Two demos in one folder would overwrite each other\'s files.', 'Stop the other demo with Ctrl-C, or start this demo in another folder.'),
    {
      code: 'demo-folder', title: 'The demo cannot write its files', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder .tailrace/demo cannot be created here, or you cannot write to it.',
      fix: 'Start the demo in a folder that you can write to, or set TAILRACE_HOME to such a folder.',
    },
  ],
}
