import type { ZodType } from 'zod'
import type { SyncBehavior } from '../../src/model/behavior.ts'
import type { TargetSpec } from '../../src/connect/target.ts'
import type { WarehouseSpec } from '../../src/connect/warehouse.ts'
import { code, fenced, generated, page, table } from './markdown.ts'
import { settingRows, settingTitles } from './setting-rows.ts'

export interface ConfigurationParts {
  readonly starter: string
  readonly activation: ZodType
  readonly behaviors: readonly SyncBehavior[]
  readonly warehouses: readonly WarehouseSpec[]
  readonly targets: readonly TargetSpec[]
  /** Whether the file exists. Path relative to the repository root. */
  readonly exists: (path: string) => boolean
}

/** docs/configuration.md: every key of tailrace.yaml, from the schemas that parse it. */
export function configurationPage({ starter, activation, behaviors, warehouses, targets, exists }: ConfigurationParts): string {
  return page(
    '# Configuration', generated,
    'One file, `tailrace.yaml`; `--config FILE` names another. `tailrace init` writes this one to start from, and `tailrace check` '
    + 'finds every mistake in it, with line and column: an unknown key is an error, never ignored.',
    fenced('yaml', starter),
    '- `${NAME}` is replaced by the environment variable `NAME`; one that is not set is an error, unless it is written as `${NAME:-text}`. '
    + '`$${NAME}` stands for the text `${NAME}` itself.\n'
    + '- Paths are relative to the file.\n'
    + '- Names of warehouses, targets and activations are yours. What Tailrace remembers is kept under the activation\'s name, so '
    + 'the account, object, behavior, identifier and tags stay what they were at its first Run; see [`activation-frozen`](errors.md#activation-frozen).',
    '## Activations', 'Under `activations:`, each under its name.', settings(activation),
    'The target\'s object adds keys of its own, such as `tags`: see [Targets](#targets).',
    '`schedule`, `cron` and `timezone` take effect where a server runs the activation (`tailrace up`, `tailrace worker`); `tailrace run` runs it once, now. '
    + '`bookkeeping: warehouse` is read and checked, but has no effect: change detection is in the control database.',
    '### Behaviors', table(['behavior', '', 'what it does'], behaviors.flatMap(({ id, label, help, forRecords }) => [
      [code(id), label, help], ...forRecords === undefined ? [] : [[`${code(id)}, of whole records`, forRecords.label, forRecords.help]],
    ])),
    '### Limits',
    'A limit is `off`, a number of records, or a share. A share of what the activation holds does not bind while it holds nothing (a first '
    + 'Run), nor for fewer than 20 records: where these matter, give a number. A Run that would go beyond a limit stops before its first write, and says which limit, the figures, and how to allow it '
    + 'once; see [Guardrails and plans](errors.md#guardrails-and-plans).',
    '## Warehouses', 'Under `warehouses:`, each under its name. Tailrace only reads there.',
    ...warehouses.flatMap(({ id, name, config }) => [`### ${name}`, typeLine(`warehouses/${id}`, id, exists), settings(config)]),
    '## Targets', 'Under `targets:`, each under its name.',
    ...targets.flatMap((target) => targetParts(target, exists)),
    '## The environment',
    table(['variable', 'what it does'], [
      [code('DATABASE_URL'), 'Keeps state in this PostgreSQL (14 or newer, in UTF-8) instead of the one that Tailrace brings. A pooler before it must keep sessions (PgBouncer: `pool_mode = session`).'],
      [code('TAILRACE_HOME'), 'The folder for state. Default: `.tailrace` beside `tailrace.yaml`. [How to copy, move and back it up](state-folder.md).'],
      [code('TAILRACE_LOG'), 'Log level on stderr: `debug`, `info`, `warn`. Secrets are taken out.'],
      [code('TAILRACE_PASSWORD'), 'The password of the server (`tailrace up`), and of `apply` and `export` where they talk to one. Required to listen on more than this machine.'],
      [code('TAILRACE_SECRET_KEY'), 'The key that seals the secrets saved in the control database: a text of 32 characters or more, the same for every server and worker on that database. Default: the file `secret-key` in the state folder, made on first use.'],
      [`${code('HTTPS_PROXY')}, ${code('HTTP_PROXY')}`, 'The HTTP proxy that calls to https:// or http:// targets go through, such as `http://user:password@proxy.example:3128`. Lower-case names go first. `tailrace check` says when one is used.'],
      [code('NO_PROXY'), 'Hosts called without the proxy, with commas between: `*`, `example.com` (and all below it), `10.0.0.0/8`, `localhost`, `127.0.0.1`, each but `*` with a port if wanted. Lower case goes first. An emulator on this machine needs to be named here like any other host.'],
      [code('NODE_EXTRA_CA_CERTS'), 'A file of certificate authorities to trust beside the known ones, for targets and proxies.'],
      [`${code('NO_COLOR')}, ${code('FORCE_COLOR')}`, 'Never colours; always colours.'],
    ]),
    '**Back up the key with the database.** Tokens and passwords that were saved in the UI or by `tailrace apply` are in the control database, sealed with the key. '
    + 'A backup of the database without `TAILRACE_SECRET_KEY` (or the file `secret-key`) restores everything but them: each has to be entered again. '
    + 'Keep the two in different places: whoever has both can read the secrets.',
  )
}

function targetParts({ id, name, config, objects }: TargetSpec, exists: ConfigurationParts['exists']): string[] {
  return [
    `### ${name}`, typeLine(`targets/${id}`, id, exists), settings(config),
    ...objects.flatMap((object) => [
      `#### ${code(`object: ${object.id}`)} (${object.label})`,
      table(['identifier.field', '', 'columns that may feed it'], object.identifiers.map(({ field, label, accepts }) => [code(field), label, accepts.join(', ')])),
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
