import type { ZodType } from 'zod'
import type { SyncBehavior } from '../../src/behaviors/behavior.ts'
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
  /** Is there such a file, from the root of the repository? */
  readonly exists: (path: string) => boolean
}

/** docs/configuration.md: every key of tailrace.yaml, from the schemas that read it. */
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
    + 'Run). A Run that would go beyond a limit stops before its first write, and says which limit, the figures, and how to allow it '
    + 'once; see [Guardrails and plans](errors.md#guardrails-and-plans).',
    '## Warehouses', 'Under `warehouses:`, each under its name. Tailrace only reads there.',
    ...warehouses.flatMap(({ id, name, config }) => [`### ${name}`, typeLine(`warehouses/${id}`, id, exists), settings(config)]),
    '## Targets', 'Under `targets:`, each under its name.',
    ...targets.flatMap((target) => targetParts(target, exists)),
    '## The environment',
    table(['variable', 'what it does'], [
      [code('DATABASE_URL'), 'Keeps state in this PostgreSQL (14 or newer) instead of the one that Tailrace brings.'],
      [code('TAILRACE_HOME'), 'The folder for state. Default: `.tailrace` beside `tailrace.yaml`.'],
      [code('TAILRACE_LOG'), 'Log level on stderr: `debug`, `info`, `warn`. Secrets are taken out.'],
      [`${code('NO_COLOR')}, ${code('FORCE_COLOR')}`, 'Never colours; always colours.'],
    ]),
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
