/**
 * The registries that `npm run gen` writes from folder contents. Pure, except for the `list` function that it is given.
 */

export interface Registry {
  /** Path of the generated file, relative to the repository root. */
  readonly path: string
  readonly text: string
}

/**
 * Lists a folder, given relative to the repository root: `folders`, the ones with an index.ts (`directories`), and
 * `files`. Empty when the folder does not exist.
 */
export type List = (folder: string) => {
  readonly directories: readonly string[]
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

const mark = (folder: string): string => `// Written by \`npm run gen\` from the contents of ${folder}/. Do not edit.\n`

export function registries(list: List): Registry[] {
  return [
    lazyFolders(list, {
      folder: 'src/targets',
      constant: 'targets',
      member: 'target',
      type: 'TargetSpec',
      from: '../connect/target.ts',
    }),
    lazyFolders(list, {
      folder: 'src/warehouses',
      constant: 'warehouses',
      member: 'warehouse',
      type: 'Warehouse',
      from: '../connect/warehouse.ts',
    }),
    emulators(list),
    codes(list, 'src/targets', 'targetCodes'),
    codes(list, 'src/warehouses', 'warehouseCodes'),
    behaviors(list),
    commands(list),
    routes(list),
  ]
}

interface LazyFolders {
  readonly folder: string
  readonly constant: string
  /** The export of each folder's index.ts. */
  readonly member: string
  readonly type: string
  readonly from: string
}

/** One loader per sub-folder, so that a native driver loads only where a Connection of its type exists. */
function lazyFolders(list: List, { folder, constant, member, type, from }: LazyFolders): Registry {
  const entries = list(folder)
    .directories.toSorted()
    .map((id) => `  ${property(id)}: async () => (await import('./${id}/index.ts')).${member},\n`)
  return {
    path: `${folder}/registry.gen.ts`,
    text: `${mark(folder)}import type { ${type} } from '${from}'\n\nexport const ${constant}: Readonly<Record<string, () => Promise<${type}>>> = ${object(entries)}\n`,
  }
}

/**
 * Targets with an emulator. Each module also exports what its tests need; the command line uses `emulator` alone.
 */
function emulators(list: List): Registry {
  const folder = 'src/targets'
  const entries = list(folder)
    .directories.filter((id) => list(`${folder}/${id}`).directories.includes('emulator'))
    .toSorted()
    .map((id) => `  ${property(id)}: () => import('./${id}/emulator/index.ts'),\n`)
  return {
    path: `${folder}/emulators.gen.ts`,
    text: `${mark(folder)}import type { EmulatorSpec } from '../emulator-kit/emulator.ts'\n\nexport const emulators = ${object(entries)} satisfies Readonly<Record<string, () => Promise<{ readonly emulator: EmulatorSpec }>>>\n`,
  }
}

/** Codes of connectors: data alone, so that every process and the UI may load all. */
function codes(list: List, folder: string, constant: string): Registry {
  const ids = list(folder)
    .directories.filter((id) => list(`${folder}/${id}`).files.includes('codes.ts'))
    .toSorted()
  const imports = ids.map((id) => `import { codes as ${camel(id)} } from './${id}/codes.ts'\n`).join('')
  return {
    path: `${folder}/codes.gen.ts`,
    text: `${mark(folder)}import type { CatalogueArea } from '../model/catalogue/entry.ts'\n${imports}\nexport const ${constant}: readonly CatalogueArea[] = [${ids.map(camel).join(', ')}]\n`,
  }
}

function behaviors(list: List): Registry {
  const folder = 'src/behaviors'
  const ids = modules(list, folder)
  const imports = ids.map((id) => `import { ${constant(id)} } from './${id}.ts'\n`).join('')
  const entries = ids.map((id) => `  ${id === constant(id) ? id : `${property(id)}: ${constant(id)}`},\n`)
  return {
    path: `${folder}/registry.gen.ts`,
    text: `${mark(folder)}import type { SyncBehavior } from '../model/behavior.ts'\n${imports}\nexport const behaviors: Readonly<Record<string, SyncBehavior>> = ${object(entries)}\n`,
  }
}

/** One loader per command, so that `--version` does not load what only `run` needs. */
function commands(list: List): Registry {
  const folder = 'src/cli/commands'
  const entries = modules(list, folder).map(
    (id) => `  ${property(id)}: async () => (await import('./commands/${id}.ts')).command,\n`,
  )
  return {
    path: 'src/cli/registry.gen.ts',
    text: `${mark(folder)}import type { Command } from 'commander'\n\nexport const commands: Readonly<Record<string, () => Promise<Command>>> = ${object(entries)}\n`,
  }
}

/** Every folder below src/api with a contract. Its routes are in routes.ts and in files whose names end in it. */
function routes(list: List): Registry {
  const folder = 'src/api'
  const files = list(folder)
    .folders.toSorted()
    .flatMap((id) =>
      list(`${folder}/${id}`)
        .files.filter((file) => /^(.*-)?routes\.ts$/.test(file))
        .toSorted()
        .map((file) => ({ path: `./${id}/${file}`, name: camel(`${id}-${file.slice(0, -3)}`) })),
    )
  const imports = files.map(({ path, name }) => `import { routes as ${name} } from '${path}'\n`).join('')
  return {
    path: `${folder}/registry.gen.ts`,
    text: `${mark(folder)}import type { FastifyInstance } from 'fastify'\n${imports}import type { Services } from './services.ts'\n\nexport const routes: readonly ((app: FastifyInstance, services: Services) => void)[] = [${files.map(({ name }) => name).join(', ')}]\n`,
  }
}

function modules(list: List, folder: string): string[] {
  return list(folder)
    .files.filter((file) => file.endsWith('.ts') && !/\.(test|gen)\.ts$/.test(file))
    .map((file) => file.slice(0, -3))
    .toSorted()
}

/** The name of a constant. `delete` is a reserved word. */
function constant(id: string): string {
  return id === 'delete' ? 'deleteRecords' : camel(id)
}

function camel(id: string): string {
  return id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function object(entries: readonly string[]): string {
  return entries.length === 0 ? '{}' : `{\n${entries.join('')}}`
}

function property(id: string): string {
  return /^[a-zA-Z_]\w*$/.test(id) ? id : `'${id}'`
}
