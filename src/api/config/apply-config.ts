import { findObject } from '../../connect/target.ts'
import { isDeepStrictEqual } from 'node:util'
import { createProblemList, type ProblemList } from '../../config/problem-list.ts'
import { readJson } from '../../config/source/read-json.ts'
import { readProject } from '../../config/read-project.ts'
import { readRoot } from '../../config/source/read-yaml.ts'
import { nodeAt, toValue, type SourceMap } from '../../config/source/source-node.ts'
import { immutableReasons } from '../../engine/steps/open/immutable-settings.ts'
import { Fault } from '../../model/fault.ts'
import { findActivation } from '../../store/project/activations.ts'
import { listAllEntries, sections, type ProjectEntry, type Section } from '../../store/project/project-entries.ts'
import { inTransaction } from '../../store/database/transaction.ts'
import { immutableChanges } from '../activations/reject-immutable-changes.ts'
import { stepsOf, valueAt, withValue } from '../project/json-pointer.ts'
import { nothing } from '../project/project-config.ts'
import { nameTrouble } from '../project/rejected-changes.ts'
import type { ProjectOptions } from '../project/saved-project.ts'
import { movedAddress, openBody, sealBody, type Body } from '../project/saved-body.ts'
import { changeOf, perform, type Change, type Sealed, type Step } from './config-changes.ts'
import { namedInExport } from './export-config.ts'

export interface ApplyPlan {
  readonly changes: readonly Change[]
  /** Hash of the changes and of the revisions that they start from. */
  readonly hash: string
  /** Names of Activations that are added, changed or removed. */
  readonly activations: readonly string[]
  /** Applies all changes or none. Throws a Fault `apply-differs` if an entry changed in the meantime. */
  perform(): Promise<void>
}

export interface Given {
  readonly text: string
  /** The file name used in messages. */
  readonly file: string
  /** Removes entries that the file does not name. */
  readonly prune: boolean
}

/**
 * Plans the changes that make the server match a tailrace.yaml. The file wins for entries it names; others stay, unless
 * pruned. Stored state of removed Activations stays under their names. Throws a ConfigFault with all problems by line.
 */
export async function planApply(options: ProjectOptions, { text, file, prune }: Given): Promise<ApplyPlan> {
  const { database, sealer } = options
  const saved = await listAllEntries(database)
  const problems = createProblemList(file)
  const raw = readRoot(text, {}, createProblemList(file), 'as-written')
  const find = (section: Section, name: string) =>
    saved.find((entry) => entry.section === section && entry.name === name)
  const kept = await keptSecrets(raw, find, options)
  const root = readRoot(text, { ...options.env, ...kept.variables }, problems)
  const named = (section: Section, name: string) => nodeAt(raw, [section, name]) !== undefined
  const others = prune ? [] : saved.filter(({ section, name }) => !named(section, name))
  await validate(options, root, others, problems)

  const steps: Step[] = []
  for (const section of sections) {
    const entries = nodeAt(raw, [section])
    for (const [name, { node }] of entries?.kind === 'map' ? entries.entries : []) {
      const open = kept.fill(section, name, toValue(node) as Body)
      steps.push({
        section,
        name,
        before: find(section, name),
        next: { open, ...(await sealed(options, { section, name, open, before: find(section, name) })) },
      })
    }
  }
  for (const entry of prune ? saved.filter(({ section, name }) => !named(section, name)) : [])
    steps.push({ section: entry.section, name: entry.name, before: entry, next: undefined })
  await rejectChangesOfImmutable(options, steps, root, problems)
  problems.throwIfAny()

  return {
    changes: steps.map(changeOf),
    hash: sealer.digest(
      JSON.stringify(
        steps.map(({ section, name, before, next }) => [section, name, before?.revision ?? null, next?.open ?? null]),
      ),
    ),
    activations: steps
      .filter((step) => step.section === 'activations' && changeOf(step).what !== 'same')
      .map(({ name }) => name),
    perform: () => inTransaction(database, (client) => perform(client, steps)),
  }
}

/**
 * Finds saved secrets for variables that an export wrote and that are not set. Only if the address of the Connection is
 * unchanged, so that a secret is never sent elsewhere.
 */
async function keptSecrets(
  raw: SourceMap,
  find: (section: Section, name: string) => ProjectEntry | undefined,
  { env, sealer, connectors }: ProjectOptions,
) {
  const variables: Record<string, string> = {}
  const places: {
    readonly section: Section
    readonly name: string
    readonly steps: readonly string[]
    readonly value: unknown
  }[] = []
  for (const section of ['warehouses', 'targets'] as const) {
    const entries = nodeAt(raw, [section])
    for (const [name, { node }] of entries?.kind === 'map' ? entries.entries : []) {
      const before = find(section, name)
      const type = String(before?.body['type'])
      const spec = section === 'warehouses' ? await connectors.warehouse(type) : await connectors.target(type)
      const after = (toValue(node) ?? {}) as Body
      if (before === undefined || spec === undefined || movedAddress(spec.config, before.body, after).length > 0)
        continue
      for (const pointer of Object.keys(before.sealed)) {
        const variable = namedInExport(valueAt(after, stepsOf(pointer)), name, pointer)
        if (variable === undefined || env[variable] !== undefined) continue
        const value = valueAt(openBody(before, sealer), stepsOf(pointer))
        variables[variable] = String(value)
        places.push({ section, name, steps: stepsOf(pointer), value })
      }
    }
  }
  return {
    variables,
    fill: (section: Section, name: string, body: Body): Body =>
      places
        .filter((place) => place.section === section && place.name === name)
        .reduce((filled, { steps, value }) => withValue(filled, steps, value), body),
  }
}

/** Validates the file together with the entries that stay. Reports only problems of the file's own entries. */
async function validate(
  { connectors, references, env, sealer, hide }: ProjectOptions,
  root: SourceMap,
  others: readonly ProjectEntry[],
  problems: ProblemList,
): Promise<void> {
  const aside = createProblemList('')
  const around: Record<Section, Record<string, Body>> = {
    warehouses: nothing(),
    targets: nothing(),
    activations: nothing(),
  }
  for (const entry of others) around[entry.section][entry.name] = openOrNothing(entry, sealer)
  const stays = readJson(around, env, aside)
  const entries = new Map(root.entries)
  for (const section of sections) {
    const given = root.entries.get(section)
    const rest = nodeAt(stays, [section])
    if (rest?.kind !== 'map' || (given !== undefined && given.node.kind !== 'map')) continue
    entries.set(section, {
      position: given?.position ?? root.position,
      node: {
        ...(given?.node ?? rest),
        entries: new Map([...rest.entries, ...(given?.node.kind === 'map' ? given.node.entries : [])]),
      } as SourceMap,
    })
  }
  const found = createProblemList('')
  const { warehouses, targets } = await readProject({ ...root, entries }, connectors, references, found)
  hide([...warehouses.values(), ...targets.values()].flatMap(({ secrets }) => secrets))
  for (const { line, column, steps, message } of found.list()) {
    if (steps.length < 2 || nodeAt(root, steps.slice(0, 2)) !== undefined)
      problems.add({ line, column }, steps, message)
  }
  for (const section of sections) {
    const named = root.entries.get(section)?.node
    for (const [name, { position }] of named?.kind === 'map' ? named.entries : []) {
      const trouble = nameTrouble(section, name)
      if (trouble !== undefined) problems.add(position, [section, name], trouble)
    }
  }
  problems.throwIfAny()
}

/** A secret that cannot be unsealed is not a problem of this file: use the body without secrets. */
function openOrNothing(entry: ProjectEntry, sealer: ProjectOptions['sealer']): Body {
  try {
    return openBody(entry, sealer)
  } catch (error) {
    if (Fault.is(error)) return entry.body
    throw error
  }
}

async function sealed(
  { connectors, sealer }: ProjectOptions,
  { section, name, open, before }: { section: Section; name: string; open: Body; before: ProjectEntry | undefined },
): Promise<Sealed> {
  if (section === 'activations') return { body: open, sealed: {} }
  const type = String(open['type'])
  const spec = section === 'warehouses' ? await connectors.warehouse(type) : await connectors.target(type)
  if (spec === undefined) throw new Error(`the type "${type}" was found valid, but is unknown`)
  return sealBody(
    spec.config,
    open,
    { section, name, before: before?.body['type'] === type ? before : undefined },
    sealer,
  )
}

async function rejectChangesOfImmutable(
  { database, connectors }: ProjectOptions,
  steps: readonly Step[],
  root: SourceMap,
  problems: ProblemList,
): Promise<void> {
  for (const { section, name, before, next } of steps) {
    if (
      section !== 'activations' ||
      before === undefined ||
      next === undefined ||
      isDeepStrictEqual(before.body, next.body)
    )
      continue
    const immutableSettings = (await findActivation(database, name))?.immutableSettings
    if (!immutableSettings) continue
    const setting = await groupSetting(connectors, immutableSettings.object)
    for (const { pointer, detail } of immutableChanges(
      before.body,
      next.body,
      immutableReasons(immutableSettings, setting),
    )) {
      const path = [section, name, ...stepsOf(pointer).slice(1)]
      problems.add(
        nodeAt(root, path)?.position ?? nodeAt(root, path.slice(0, 2))?.position ?? root.position,
        path,
        detail,
      )
    }
  }
}

/** The config key where this object lists its groups. Targets that share an object id use the same key. */
async function groupSetting(connectors: ProjectOptions['connectors'], object: string): Promise<string | undefined> {
  for (const type of connectors.targetTypes) {
    const spec = await connectors.target(type)
    const found = spec && findObject(spec, object)
    if (found !== undefined) return found.group?.setting
  }
  return undefined
}
