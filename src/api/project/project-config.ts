import { resolve } from 'node:path'
import type { Connectors, TailraceConfig } from '../../config/config.ts'
import { createProblemList, type PlacedProblem } from '../../config/problem-list.ts'
import { readJson } from '../../config/source/read-json.ts'
import { readProject } from '../../config/read-project.ts'
import type { References } from '../../config/references/resolve-reference.ts'
import { Fault } from '../../model/fault.ts'
import type { Section } from '../../store/project/project-entries.ts'
import type { Body } from './saved-body.ts'

/** An entry's body with its secrets, or the Fault why they cannot be read. */
export type OpenEntry = { readonly section: Section; readonly name: string } & (
  | { readonly body: Body }
  | { readonly fault: Fault }
)

export interface ProjectConfig {
  /** The valid entries. */
  readonly config: TailraceConfig
  /** The problems of one entry, with paths relative to the entry. */
  problemsOf(section: Section, name: string): readonly PlacedProblem[]
  /** Why this Connection's secrets cannot be read; undefined if they can. */
  unreadable(section: Section, name: string): Fault | undefined
}

export interface ConfigPlace {
  readonly connectors: Connectors
  readonly env: Readonly<Record<string, string | undefined>>
  /** Those that the operator of this server allows. */
  readonly references: References
  /** Base directory of relative paths. */
  readonly dir: string
}

const file = 'tailrace.yaml'

export const nothing = (): Record<string, Body> => Object.create(null) as Record<string, Body>

/** Reads saved entries by the same rules as a tailrace.yaml. A problem of one entry does not affect the others. */
export async function readProjectConfig(
  entries: readonly OpenEntry[],
  { connectors, references, env, dir }: ConfigPlace,
): Promise<ProjectConfig> {
  const problems = createProblemList(file)
  // Without a prototype, so that an entry may be named __proto__.
  const root: Record<Section, Record<string, Body>> = {
    warehouses: nothing(),
    targets: nothing(),
    activations: nothing(),
  }
  const unreadable = new Map<string, Fault>()
  for (const entry of entries) {
    if ('body' in entry) root[entry.section][entry.name] = entry.body
    else {
      unreadable.set(`${entry.section}/${entry.name}`, entry.fault)
      // Keep the name, so that references to this entry are not reported as missing.
      root[entry.section][entry.name] = {}
    }
  }
  const project = await readProject(readJson(root, env, problems), connectors, references, problems)
  const byEntry = Map.groupBy(problems.list(), ({ steps: [section, name] }) => `${section}/${name}`)
  // An unset variable is reported only as a problem, so exclude every entry that has one.
  const valid = <Config>(section: Section, all: ReadonlyMap<string, Config>) =>
    new Map([...all].filter(([name]) => !byEntry.has(`${section}/${name}`)))
  return {
    config: {
      file: resolve(dir, file),
      dir,
      warehouses: valid('warehouses', project.warehouses),
      targets: valid('targets', project.targets),
      activations: valid('activations', project.activations),
    },
    problemsOf: (section, name) =>
      (byEntry.get(`${section}/${name}`) ?? []).map((problem) => ({ ...problem, steps: problem.steps.slice(2) })),
    unreadable: (section, name) => unreadable.get(`${section}/${name}`),
  }
}

/** Why an Activation cannot run: its own problems, or an unusable Connection. Undefined if it can run. */
export function troubleOf(
  { config, problemsOf, unreadable }: ProjectConfig,
  name: string,
  uses: { readonly warehouse: unknown; readonly target: unknown },
): Fault | undefined {
  const where = `activation "${name}"`
  for (const [section, noun, used] of [
    ['warehouses', 'warehouse', uses.warehouse],
    ['targets', 'target', uses.target],
  ] as const) {
    if (typeof used !== 'string' || config[section].has(used)) continue
    const why =
      unreadable(section, used)?.message ??
      problemsOf(section, used)
        .map(({ steps, message }) => `${steps.join('.')}: ${message}`)
        .join('; ')
    if (why !== '') {
      return new Fault('config', `The ${noun} "${used}" cannot be used: ${why}`, {
        code: 'connection-broken',
        where,
        advice: `Correct it under ${section === 'warehouses' ? 'Warehouses' : 'Targets'}.`,
      })
    }
  }
  const own = problemsOf('activations', name)
  if (own.length === 0) return undefined
  return new Fault(
    'config',
    own.map(({ steps, message }) => `${steps.length === 0 ? '' : `${steps.join('.')}: `}${message}`).join('; '),
    {
      code: 'config-invalid',
      where,
      advice: 'Correct the Activation.',
    },
  )
}

const own = /^(TAILRACE_.*|DATABASE_URL|PGPASSWORD)$/

/** The environment for `${VAR}` in saved config, without the server's own secrets. */
export function entryEnv(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
}

/** Why a saved Connection cannot be used. */
export function brokenConnection({ problemsOf, unreadable }: ProjectConfig, section: Section, name: string): Fault {
  const why =
    unreadable(section, name)?.message ??
    problemsOf(section, name)
      .map(({ steps, message }) => `${steps.length === 0 ? '' : `${steps.join('.')}: `}${message}`)
      .join('; ')
  return new Fault('config', `The ${nounOf(section)} "${name}" cannot be used: ${why}`, {
    code: 'connection-broken',
    advice: 'Correct its settings, or set the environment variable that they name.',
  })
}

export function nounOf(section: Section): string {
  return { warehouses: 'warehouse', targets: 'target', activations: 'activation' }[section]
}
