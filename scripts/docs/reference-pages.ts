import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { behaviors } from '../../src/behaviors/registry.gen.ts'
import type { Host } from '../../src/server/process/host.ts'
import { createProgram } from '../../src/cli/program.ts'
import { commands } from '../../src/cli/registry.gen.ts'
import { activationKeys } from '../../src/config/activation-keys.ts'
import { starterConfig } from '../../src/config/starter.ts'
import { catalogue } from '../../src/catalogue.ts'
import { targets } from '../../src/targets/registry.gen.ts'
import { warehouses } from '../../src/warehouses/registry.gen.ts'
import { apiPage } from './api-page.ts'
import { commandLinePage } from './command-line-page.ts'
import { commandList } from './command-list.ts'
import { configurationPage } from './configuration-page.ts'
import { errorsPage } from './errors-page.ts'
import { openapiDocument } from './openapi-document.ts'

/** The generated pages of docs/ and the generated help list, each with its path and text. */
export async function referencePages(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const api = await openapiDocument()
  const loaded = await Promise.all(Object.values(commands).map((load) => load()))
  return [
    { path: 'docs/openapi.json', text: `${JSON.stringify(api, null, 1)}\n` },
    { path: 'docs/api.md', text: apiPage(api) },
    { path: 'docs/errors.md', text: errorsPage(catalogue) },
    {
      path: 'docs/configuration.md',
      text: configurationPage({
        exists: (path) => existsSync(join(import.meta.dirname, '../..', path)),
        starter: starterConfig(),
        activation: activationKeys,
        behaviors: Object.values(behaviors),
        warehouses: await Promise.all(Object.values(warehouses).map((load) => load())),
        targets: await Promise.all(Object.values(targets).map((load) => load())),
      }),
    },
    { path: 'src/cli/command-list.gen.ts', text: commandList(loaded) },
    // Commands use their Host only when they run.
    { path: 'docs/command-line.md', text: commandLinePage(createProgram(loaded, {} as Host, '')) },
  ]
}
