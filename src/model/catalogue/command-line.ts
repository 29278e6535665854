import type { CatalogueArea, CatalogueEntry } from './entry.ts'

const mistyped = (code: string, title: string, cause: string, fix: string): CatalogueEntry =>
  ({ code, title, cause, whoFixes: 'you: the command line', retried: 'no', fix })

export const commandLine: CatalogueArea = {
  title: 'The command line',
  entries: [
    mistyped('unknown-command', 'There is no such command', 'The first word after tailrace is not one of its commands.', 'See "tailrace --help".'),
    mistyped('unknown-option', 'There is no such option', 'The command does not have this option.', 'See "tailrace COMMAND --help".'),
    mistyped('missing-argument', 'Something is left out', 'The command needs one more word, such as the name of an activation.', 'See "tailrace COMMAND --help".'),
    mistyped('excess-arguments', 'There is a word too many', 'The command does not take so many words.', 'Take it out; put quotes around a value that has spaces in it.'),
    mistyped('invalid-argument', 'A value cannot be read', 'The value given to an argument or option is not of the kind it takes.', 'Write it as the message says.'),
    mistyped('option-missing-argument', 'An option has no value', 'The option stands at the end, or before another option, but needs a value.', 'Write the value after it.'),
    mistyped('missing-mandatory-option-value', 'An option is left out', 'The command cannot do its work without this option.', 'Give it; see "tailrace COMMAND --help".'),
    mistyped('conflicting-option', 'Two options do not go together', 'Both were given, and each asks for something else.', 'Leave one of them out.'),
    mistyped('activation-not-found', 'There is no such activation', 'No activation in tailrace.yaml has this name, nor had a Run under it.', 'Correct the name; the message lists those there are.'),
    mistyped('target-not-found', 'There is no such target', 'No target in tailrace.yaml has this name.', 'Correct the name; the message lists those there are.'),
    mistyped('object-not-found', 'There is no such object', 'The target has no object of this name, or none was named.', 'Correct the name; the message lists those that have fields.'),
    mistyped('object-without-fields', 'The object has no fields', 'It takes tags or other memberships, and no values.', 'Name an object such as contact or company.'),
    mistyped('run-not-found', 'There is no such Run', 'The control database knows no Run of this number.', '"tailrace runs" lists them; --config may have to name another project.'),
    mistyped('free-unconfirmed', 'Nobody was there to confirm it', 'There is no terminal to ask at, and --yes was not given. Nothing was ended.', 'See "tailrace workers", then add --yes.'),
    mistyped('cases-not-found', 'There are no test cases', 'No file of cases is where "tailrace test" looks for them.', 'Cases stand in tailrace.test.yaml beside tailrace.yaml, or in the files you name.'),
    mistyped('case-not-found', 'No case has these words', 'None of the cases has them in its name or its activation.', 'Give fewer or other words; without any, all cases are tried.'),
    mistyped('edit-impossible', 'An edit in a case cannot be made', 'A case lets a person change something in the emulated Intercom that is not there at that moment.', 'Correct the edit, or list the thing or tag in what Intercom holds before.'),
    {
      code: 'junit-not-written', title: 'The report of the cases cannot be written', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder of the report does not exist, is not yours to write to, or its disk is full.', fix: 'Name another place.',
    },
    mistyped('plan-not-read', 'The saved plan cannot be read', 'The file that --plan names is not there, or not yours to read.', 'Correct the path; "tailrace plan --out" saves a plan.'),
    mistyped('plan-for-another', 'The plan is for another activation', 'A saved plan holds the writes of one activation, and the command names another.', 'Name the activation that the plan is for.'),
    mistyped('plan-format', 'The plan is of another version', 'Another version of Tailrace wrote the file, in a format that this one does not read.', 'Make a new plan with "tailrace plan --out", look at it, and run that.'),
    {
      code: 'plan-not-written', title: 'The plan cannot be saved', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder of the file does not exist, is not yours to write to, or its disk is full.', fix: 'Name another place with --out.',
    },
    mistyped('code-not-found', 'There is no such code', 'The catalogue of failures has no entry of this name.', '"tailrace explain" lists them all.'),
    mistyped('config-exists', 'The file is there already', '"tailrace init" never writes over a file.', 'Name another with --config, or move the one that is there.'),
    {
      code: 'config-not-written', title: 'The file cannot be written', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder does not exist, is not yours to write to, or its disk is full.',
      fix: 'Start from a folder of yours, or name another place with --config.',
    },
    mistyped('port-taken', 'Something else listens there', 'Another program on this machine has the port already.', 'Stop it, or give another port: --port 0 takes one that is free.'),
    mistyped('port-unusable', 'The port cannot be used', 'It is reserved for the system, or no port at all.', 'Give one from 1024 to 65535, or --port 0.'),
    mistyped('password-required', 'A server for others needs a password', 'It was told to listen beyond this machine, and TAILRACE_PASSWORD is not set.', 'Set TAILRACE_PASSWORD, or leave out --host.'),
    mistyped('demo-running', 'Another demo is running here', 'Two demos in one folder would spoil each other\'s files.', 'Stop the other with Ctrl-C, or start this one in another folder.'),
    {
      code: 'demo-folder', title: 'The demo has no place for its files', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'The folder .tailrace/demo cannot be made here, or cannot be written to.',
      fix: 'Start it in a folder of yours, or name one in TAILRACE_HOME.',
    },
  ],
}
