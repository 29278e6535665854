import type { ZodType } from 'zod'
import { unnamedGroup, type SyncBehavior } from '../../src/model/behavior.ts'
import { plainNouns } from '../../src/model/noun.ts'
import type { TargetSpec } from '../../src/connect/target.ts'
import type { Warehouse } from '../../src/connect/warehouse.ts'
import { code, fenced, generated, page, table } from './markdown.ts'
import { settingRows, settingTitles } from './setting-rows.ts'

export interface ConfigurationParts {
  readonly starter: string
  readonly activation: ZodType
  readonly behaviors: readonly SyncBehavior[]
  readonly warehouses: readonly Warehouse[]
  readonly targets: readonly TargetSpec[]
  /** Whether the file exists. Path relative to the repository root. */
  readonly exists: (path: string) => boolean
}

/** docs/configuration.md: every key of tailrace.yaml, from the schemas that parse it. */
export function configurationPage({
  starter,
  activation,
  behaviors,
  warehouses,
  targets,
  exists,
}: ConfigurationParts): string {
  return page(
    '# Configuration',
    generated,
    'The config is one file, `tailrace.yaml`; `--config FILE` names another file. `tailrace init` writes this file to start from, and `tailrace check` ' +
      'finds every mistake in it, with line and column. An unknown key is an error; it is never ignored.',
    fenced('yaml', starter),
    '- `${NAME}` is replaced by the environment variable `NAME`. A variable that is not set is an error, unless it has a default: `${NAME:-text}`. ' +
      '`$${NAME}` stands for the text `${NAME}` itself.\n' +
      '- Paths are relative to the file.\n' +
      '- You choose the names of warehouses, targets and activations. The state of an activation is kept under its name, so ' +
      'its account, object, behavior, identifier and tags cannot change after its first Run; see [`activation-frozen`](errors.md#activation-frozen).',
    '## Secrets from elsewhere',
    'A setting of a warehouse or a target may say where its value is, so that the file contains no secret:',
    table(
      ['written', 'the value'],
      [
        [code('env:DB_PASSWORD'), 'The environment variable. It must be set and not empty.'],
        [
          code('file:./key.pem'),
          'The text of a file, relative to `tailrace.yaml`. Links are followed; `~` is not the home directory. `${NAME}` may stand in the path.',
        ],
        [
          code('exec:op read op://vault/dwh/password'),
          'What a program writes to stdout. It runs in the folder of `tailrace.yaml`, without a shell, without input, for at most 30 seconds. White space separates its ' +
            'words; single or double quotes keep white space, and nothing is escaped. `${NAME}` may stand in a word. The output is used for a minute.',
        ],
      ],
    ),
    '- A file or an output must be UTF-8 text of at most 1 MiB, not empty. A byte order mark and one line break at the end are dropped; PEM text keeps its line breaks. ' +
      'A program that fails is an error, and its output is never shown.\n' +
      '- PEM text may also stand in `tailrace.yaml` itself, on the lines below a `|`.\n' +
      '- Only a text that starts with `env:`, `file:` or `exec:` as written is a reference, and only in the settings of a warehouse or a target. A value that comes from `${NAME}` never is one. ' +
      'So a value that really starts like this goes into a variable: `password: ${DB_PASSWORD}`. A secret that nearly looks like a reference (` env:X`, `ENV:X`) is an error.\n' +
      '- **On a server** (`tailrace up`), whoever may save a connection could read its files or run programs on it. So for connections that are saved there, `file:` and `exec:` are errors unless ' +
      '`TAILRACE_SECRET_REFERENCES` allows them. Variables of Tailrace itself cannot be named there, and programs do not get them. Commands that read `tailrace.yaml` follow all references.\n' +
      '- `tailrace test` runs no program: it keeps what it cannot resolve, because the targets in it are emulators.',
    '## Activations',
    'Each activation is under `activations:`, with its name as the key.',
    settings(activation),
    'The object of the target adds its own keys, such as `tags`: see [Targets](#targets).',
    '`schedule`, `cron` and `timezone` take effect where a server runs the activation (`tailrace up`, `tailrace worker`); `tailrace run` runs it once, now. ' +
      '`bookkeeping: warehouse` does not exist yet and is an error.',
    '### Behaviors',
    'A group is what a target record can be in, such as a tag or a company. The UI names the groups and the records of each object: *Attach Tag to Records*.',
    table(
      ['behavior', '', 'what it does'],
      behaviors.flatMap(({ id, words, forRecords }) => [
        [code(id), ...inWords(words)],
        ...(forRecords === undefined ? [] : [[`${code(id)}, of whole records`, ...inWords(forRecords.words)]]),
      ]),
    ),
    '### Limits',
    'A limit is `off`, a number of records, or a share. A share of what the activation holds does not apply while it holds nothing (a first ' +
      'Run), nor to fewer than 20 records. To limit these cases as well, set a number. A Run that would exceed a limit is blocked before its first write. The message names the limit, the figures, and how to override it ' +
      'once; see [Guardrails and plans](errors.md#guardrails-and-plans).',
    '## Warehouses',
    'Each warehouse is under `warehouses:`, with its name as the key. Tailrace only reads from a warehouse.',
    ...warehouses.flatMap(({ id, name, config }) => [
      `### ${name}`,
      typeLine(`warehouses/${id}`, id, exists),
      settings(config),
    ]),
    '## Targets',
    'Each target is under `targets:`, with its name as the key.',
    ...targets.flatMap((target) => targetParts(target, exists)),
    '## The environment',
    table(
      ['variable', 'what it does'],
      [
        [
          code('DATABASE_URL'),
          'The PostgreSQL (14 or newer, UTF-8) for state, instead of the embedded PostgreSQL. A pooler in front of it must keep sessions (PgBouncer: `pool_mode = session`).',
        ],
        [
          code('TAILRACE_HOME'),
          'The folder for state. Default: `.tailrace` next to `tailrace.yaml`. [How to copy, move and back it up](state-folder.md).',
        ],
        [code('TAILRACE_LOG'), 'Log level on stderr: `debug`, `info`, `warn`. The log contains no secrets.'],
        [
          code('TAILRACE_PASSWORD'),
          'The password of the server (`tailrace up`), also used by `apply` and `export` to connect to a server. Required if the server listens on more than this machine.',
        ],
        [
          code('TAILRACE_SECRET_KEY'),
          'The key that encrypts the secrets in the control database: a text of at least 32 characters, the same for every server and worker on that database. Default: the file `secret-key` in the state folder, created on first use.',
        ],
        [
          code('TAILRACE_SECRET_REFERENCES'),
          'The references that saved connections may use on a server and its workers: `file`, `exec`, or `file,exec`. Default: neither. See [Secrets from elsewhere](#secrets-from-elsewhere).',
        ],
        [
          `${code('HTTPS_PROXY')}, ${code('HTTP_PROXY')}`,
          'The HTTP proxy that calls to https:// or http:// targets go through, such as `http://user:password@proxy.example:3128`. Lower-case names take precedence. `tailrace check` reports when a proxy is used.',
        ],
        [
          code('NO_PROXY'),
          'Hosts that are called without the proxy, separated by commas: `*`, `example.com` (and its subdomains), `10.0.0.0/8`, `localhost`, `127.0.0.1`. Each of them except `*` can have a port. The lower-case name takes precedence. An emulator on this machine must be named here like any other host.',
        ],
        [
          code('NODE_EXTRA_CA_CERTS'),
          'A file with additional certificate authorities to trust, for targets and proxies.',
        ],
        [`${code('NO_COLOR')}, ${code('FORCE_COLOR')}`, '`NO_COLOR` turns colors off; `FORCE_COLOR` turns colors on.'],
      ],
    ),
    '**Back up the key with the database.** Tokens and passwords that were saved in the UI or by `tailrace apply` are in the control database, encrypted with the key. ' +
      'A backup of the database without `TAILRACE_SECRET_KEY` (or the file `secret-key`) restores everything except these secrets: each of them must be entered again. ' +
      'Keep the key and the backup in different places: a person with both can read the secrets.',
  )
}

function targetParts({ id, name, config, objects }: TargetSpec, exists: ConfigurationParts['exists']): string[] {
  return [
    `### ${name}`,
    typeLine(`targets/${id}`, id, exists),
    settings(config),
    ...objects.flatMap((object) => [
      `#### ${code(`object: ${object.id}`)} (${object.label})`,
      table(
        ['identifier.field', '', 'columns that fit'],
        object.identifiers.map(({ field, label, accepts }) => [code(field), label, accepts.join(', ')]),
      ),
      settings(object.settings),
    ]),
  ]
}

function typeLine(folder: string, id: string, exists: ConfigurationParts['exists']): string {
  const readme = `src/${folder}/README.md`
  return exists(readme) ? `${code(`type: ${id}`)}; more in [its README](../${readme}).` : code(`type: ${id}`)
}

function settings(schema: ZodType): string {
  return table(settingTitles, settingRows(schema))
}

/** Label and help of a behavior, for an object of any Target. */
function inWords(words: SyncBehavior['words']): string[] {
  const { label, help } = words({ record: plainNouns.record, group: unnamedGroup })
  return [label, help]
}
