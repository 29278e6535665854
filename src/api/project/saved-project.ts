import type { Pool } from 'pg'
import { assembleActivation, assembleTarget, assembleWarehouse } from '../../assemble.ts'
import type { TailraceConfig } from '../../config/config.ts'
import type { TargetSpec } from '../../connect/target.ts'
import type { Warehouse } from '../../connect/warehouse.ts'
import type { Activation, Connection } from '../../engine/activation.ts'
import { Fault } from '../../model/fault.ts'
import { suggestNames } from '../../model/nearest-names.ts'
import {
  activationsUsing,
  deleteEntry,
  findEntry,
  insertEntry,
  listAllEntries,
  pastBody,
  pauseEntry,
  replaceEntry,
  type ProjectEntry,
  type Section,
} from '../../store/project/project-entries.ts'
import type { Sealer } from '../../store/project/sealer.ts'
import { changedMeanwhile, inUse, nameTaken, rejectName } from './rejected-changes.ts'
import {
  brokenConnection,
  nounOf,
  readProjectConfig,
  troubleOf,
  entryEnv,
  type ProjectConfig,
  type OpenEntry,
  type ConfigPlace,
} from './project-config.ts'
import { DraftFault, draftProblem } from './draft-fault.ts'
import { pointerOf } from './json-pointer.ts'
import { createValidationCache, type Judgement } from './validation-cache.ts'
import { rejectMovedSecrets, fillDraft, openBody, sealBody, type Body } from './saved-body.ts'

export interface ProjectOptions extends ConfigPlace {
  readonly database: Pool
  readonly sealer: Sealer
  /** Registers every secret before it is used, so that it can be removed from output. */
  readonly hide: (secrets: readonly string[]) => void
}

export interface Draft {
  readonly section: Section
  readonly name: string
  /** `{ secret: 'set' }` stands for a saved secret. */
  readonly body: Body
}

/** Receives the project's config with the draft in it. */
export type BeforeSaving = (config: TailraceConfig) => Promise<void>

export type ConnectionSection = 'warehouses' | 'targets'

/** The project saved in the server, instead of a tailrace.yaml: the same entries, read by the same rules. */
export type Project = ReturnType<typeof openProject>

export function openProject(options: ProjectOptions) {
  const { database, sealer, hide } = options
  const place: ConfigPlace = { ...options, env: entryEnv(options.env) }
  const open = (entry: ProjectEntry): OpenEntry => {
    try {
      return { section: entry.section, name: entry.name, body: openBody(entry, sealer) }
    } catch (error) {
      if (!Fault.is(error)) throw error
      return { section: entry.section, name: entry.name, fault: error }
    }
  }
  const readEntries = async (entries: readonly OpenEntry[]): Promise<ProjectConfig> => {
    const composition = await readProjectConfig(entries, place)
    hide(
      [...composition.config.warehouses.values(), ...composition.config.targets.values()].flatMap(
        ({ secrets }) => secrets,
      ),
    )
    return composition
  }
  const validationCache = createValidationCache(place.connectors, (entries) => readEntries(entries.map(open)))
  const connections = async (): Promise<OpenEntry[]> =>
    (await listAllEntries(database, ['warehouses', 'targets'])).map(open)

  /** Validates a draft together with the saved Connections. Throws a DraftFault with all problems of the draft. */
  const checked = async (draft: Draft): Promise<ProjectConfig> => {
    rejectName(draft)
    const { section, name, body } = draft
    const others = (await connections()).filter((each) => each.section !== section || each.name !== name)
    const composition = await readEntries([...others, { section, name, body }])
    const problems = composition.problemsOf(section, name)
    if (problems.length > 0)
      throw new DraftFault(
        problems.map(({ steps, message }) => ({
          pointer: pointerIn(section, steps),
          detail: message,
          code: 'config-invalid',
        })),
      )
    return composition
  }
  /** Fills saved secrets into the draft if the type is the same. Rejects a draft that sends them to another address. */
  const filled = async ({ section, name, body }: Draft, before: ProjectEntry | undefined): Promise<Body> => {
    if (section === 'activations') return body
    const isSame = before !== undefined && before.body['type'] === body['type']
    const spec = isSame ? await specOf(section, String(body['type'])) : undefined
    if (isSame && spec !== undefined) rejectMovedSecrets(spec.config, before, body)
    return fillDraft(body, isSame ? openBody({ ...before, section, name }, sealer) : undefined)
  }
  const sealed = async (draft: Draft, body: Body, before: ProjectEntry | undefined) => {
    if (draft.section === 'activations') return { body, sealed: {} }
    const spec = await specOf(draft.section, String(body['type']))
    return sealBody(
      spec.config,
      body,
      { ...draft, before: before?.body['type'] === body['type'] ? before : undefined },
      sealer,
    )
  }
  async function specOf(section: ConnectionSection, type: string): Promise<Warehouse | TargetSpec> {
    const spec = section === 'warehouses' ? await place.connectors.warehouse(type) : await place.connectors.target(type)
    if (spec === undefined)
      throw draftProblem('/type', `there is no ${nounOf(section)} type "${type}"`, 'config-invalid')
    return spec
  }

  const project = {
    options: { ...options, env: place.env },
    connectors: place.connectors,
    dir: place.dir,

    async read(section: Section, name: string): Promise<ProjectEntry> {
      const entry = await findEntry(database, section, name)
      if (entry !== undefined) return entry
      const noun = nounOf(section)
      throw new Fault('usage', `There is no ${noun} "${name}".`, {
        code: section === 'activations' ? 'activation-not-found' : 'connection-not-found',
        advice: await nearby(section, name),
      })
    },

    /** Throws a DraftFault if the draft is invalid or its name is taken. `beforeSaving` may throw as well. */
    async create(draft: Draft, beforeSaving?: BeforeSaving): Promise<ProjectEntry> {
      if ((await findEntry(database, draft.section, draft.name)) !== undefined) throw nameTaken(draft)
      const body = await filled(draft, undefined)
      const { config } = await checked({ ...draft, body })
      await beforeSaving?.(config)
      const made = await insertEntry(database, { ...draft, ...(await sealed(draft, body, undefined)) })
      if (made === undefined) throw nameTaken(draft)
      return made
    },

    /** `revision`: the one that was edited. Throws a Fault `changed-meanwhile` with the changes since then. */
    async update(draft: Draft, revision: number, beforeSaving?: BeforeSaving): Promise<ProjectEntry> {
      const before = await project.read(draft.section, draft.name)
      const reject = async () =>
        changedMeanwhile(
          await project.read(draft.section, draft.name),
          await pastBody(database, draft.section, draft.name, revision),
        )
      if (before.revision !== revision) throw await reject()
      const body = await filled(draft, before)
      const { config } = await checked({ ...draft, body })
      await beforeSaving?.(config)
      const changed = await replaceEntry(database, { ...draft, ...(await sealed(draft, body, before)) }, revision)
      if (changed === undefined) throw await reject()
      return changed
    },

    /** Removes a Connection only if no Activation uses it. */
    async remove(section: Section, name: string, revision: number): Promise<void> {
      const before = await project.read(section, name)
      const reject = async () =>
        changedMeanwhile(await project.read(section, name), await pastBody(database, section, name, revision))
      if (before.revision !== revision) throw await reject()
      if (section !== 'activations') {
        const users = (await activationsUsing(database, section, [name])).get(name) ?? []
        if (users.length > 0) throw inUse(section, name, users)
      }
      if (!(await deleteEntry(database, section, name, revision))) throw await reject()
    },

    async pause(name: string, paused: boolean): Promise<ProjectEntry> {
      return (await pauseEntry(database, name, paused)) ?? (await project.read('activations', name))
    },

    /** A saved Connection, ready for the engine. Throws a Fault `connection-broken`. */
    async connection<S extends ConnectionSection>(section: S, name: string): Promise<OpenedEntry<S>> {
      const entry = await project.read(section, name)
      const composition = await readEntries([open(entry)])
      if (!composition.config[section].has(name)) throw brokenConnection(composition, section, name)
      return await assembled(section, composition.config, name)
    },

    /**
     * The config with an unsaved Connection. `{ secret: 'set' }` means the secret saved under `name`, if
     * `name` is given. Throws a DraftFault.
     */
    async draftConnection(
      section: ConnectionSection,
      draft: { readonly name?: string | undefined; readonly body: Body },
    ): Promise<TailraceConfig> {
      const before = draft.name === undefined ? undefined : await findEntry(database, section, draft.name)
      const name = draft.name ?? 'draft'
      const { config } = await checked({
        section,
        name,
        body: await filled({ section, name, body: draft.body }, before),
      })
      return config
    },

    /** A saved Activation, ready for the engine. Throws a Fault `config-invalid` or `connection-broken`. */
    async activation(name: string): Promise<Activation> {
      const { config } = await project.readEntries(name)
      return await assembleActivation(config, name, place.connectors)
    },

    /** A saved Activation with its Connections, in the form of a config file. */
    async readEntries(name: string): Promise<{ readonly config: TailraceConfig; readonly entry: ProjectEntry }> {
      const entry = await project.read('activations', name)
      const composition = await readEntries([...(await connections()), open(entry)])
      const trouble = troubleOf(composition, name, { warehouse: entry.body['warehouse'], target: entry.body['target'] })
      if (trouble !== undefined) throw trouble
      return { config: composition.config, entry }
    },

    /** These Activations with all Connections, in the form of a config file. */
    async composition(activations: readonly ProjectEntry[]): Promise<ProjectConfig> {
      return await readEntries([...(await connections()), ...activations.map(open)])
    },

    /** Validates these Activations together with the saved Connections. A problem of one does not affect the others. */
    async validationCache(activations: readonly ProjectEntry[]): Promise<ReadonlyMap<string, Judgement>> {
      return await validationCache.of(activations, await listAllEntries(database, ['warehouses', 'targets']))
    },

    /** A draft Activation with the saved Connections. Throws a DraftFault, or a Fault if a Connection is broken. */
    async draftActivation(name: string, body: Body): Promise<Activation> {
      const composition = await checked({ section: 'activations', name, body })
      const trouble = troubleOf(composition, name, { warehouse: body['warehouse'], target: body['target'] })
      if (trouble !== undefined) throw trouble
      return await assembleActivation(composition.config, name, place.connectors)
    },
  }

  async function nearby(section: Section, name: string): Promise<string> {
    const names = (await listAllEntries(database, [section])).map((entry) => entry.name)
    return names.length === 0
      ? 'There are none yet.'
      : suggestNames(name, names.slice(0, 20), 'there are')
          .replace(/^; /, '')
          .replace(/^./, (letter) => letter.toUpperCase())
  }
  async function assembled<S extends ConnectionSection>(
    section: S,
    config: TailraceConfig,
    name: string,
  ): Promise<OpenedEntry<S>> {
    return (
      section === 'warehouses'
        ? await assembleWarehouse(config, name, place.connectors)
        : await assembleTarget(config, name, place.connectors)
    ) as OpenedEntry<S>
  }
  return project
}

export type OpenedEntry<S extends ConnectionSection> = Connection<S extends 'warehouses' ? Warehouse : TargetSpec>

/** A Connection's keys are sent under `config`, its type beside it. All keys of an Activation are under `config`. */
function pointerIn(section: Section, steps: readonly (string | number)[]): string {
  return section !== 'activations' && steps[0] === 'type' ? '/type' : pointerOf(['config', ...steps])
}
