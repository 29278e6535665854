// Which folders may import which. `npm run check` applies these rules; scripts/boundaries.test.ts breaks each one on
// purpose.
// The names below are folders of src/. The import rules of web/ are in .oxlintrc.json, because this tool cannot read
// its files. Tests and fixtures may import across folders, because they assemble real parts.

const test = '\\.(test|fixture)\\.ts$'
const only = (allowed) => ({ path: '^(src|scripts|bench)/', pathNot: allowed })
/** A pattern that matches these folders of src/. */
const folders = (...names) => `^src/(${names.join('|')})/`

const contract = '^src/api/(.+/contract|endpoint|shared)\\.ts$'
/** Files in src/ itself that put together what the folders hold. */
const assembly = '^src/assemble\\.ts$'
const catalogue = '^src/catalogue\\.ts$'
const emulatorList = '^src/targets/emulators\\.gen\\.ts$'
/** The engine and all folders that it may import. */
const upToEngine = ['model', 'rules', 'behaviors', 'connect', 'http', 'store', 'bookkeeping', 'engine']
/** All folders below the command line, from which a process is assembled. */
const upToServer = [...upToEngine, 'embedded-postgres', 'config', 'api', 'server']

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const code = (path) => ({ path, pathNot: test })

export default {
  forbidden: [
    rule(
      'model-stands-alone',
      'model imports no other folder: everything else builds on it.',
      code('^src/model/'),
      only([folders('model')]),
    ),
    rule(
      'rules-are-pure',
      'rules decide from what they are handed: they import model alone.',
      code('^src/rules/'),
      only([folders('model', 'rules')]),
    ),
    rule(
      'behaviors-are-tables',
      'a behavior imports model alone, which holds its contract.',
      code('^src/behaviors/'),
      only([folders('model', 'behaviors')]),
    ),
    rule(
      'connect-is-contracts',
      'the contracts import model.',
      code('^src/connect/'),
      only([folders('model', 'connect')]),
    ),
    rule(
      'connector-sees-contracts',
      'a target or a warehouse imports connect, model and its own folder; the engine hands it the rest.',
      { path: '^src/(targets|warehouses)/([^/]+)/', pathNot: [test, '^src/targets/[^/]+/emulator/'] },
      { path: '^(src|scripts|bench)/', pathNot: [folders('connect', 'model'), '^src/$1/$2/(?!emulator/)'] },
    ),
    rule(
      'emulator-stands-alone',
      'an emulator is a server of its own: it imports model, the emulator kit and its own folder.',
      code('^src/targets/([^/]+)/emulator/'),
      only([folders('model', 'emulator-kit'), '^src/targets/$1/emulator/']),
    ),
    rule(
      'emulator-kit-stands-alone',
      'what emulators share imports model.',
      code('^src/emulator-kit/'),
      only([folders('model', 'emulator-kit')]),
    ),
    rule(
      'embedded-postgres-stands-alone',
      'the embedded server is started and stopped without a word of SQL: it imports model.',
      code('^src/embedded-postgres/'),
      only([folders('model', 'embedded-postgres')]),
    ),
    rule(
      'store-keeps-records',
      'store imports model and the embedded server: it answers questions, it does not decide.',
      code('^src/store/'),
      only([folders('model', 'embedded-postgres', 'store')]),
    ),
    rule(
      'bookkeeping-compares',
      'bookkeeping stages and compares in the store: it imports model and store.',
      code('^src/bookkeeping/'),
      only([folders('model', 'store', 'bookkeeping')]),
    ),
    rule(
      'http-carries-requests',
      'http imports model, connect and store, which keeps the shared budgets: it knows no Run and no Target.',
      code('^src/http/'),
      only([folders('model', 'connect', 'store', 'http')]),
    ),
    rule(
      'config-reads-files',
      'config turns a file into a validated config: it imports model, rules, behaviors and connect.',
      code('^src/config/'),
      only([folders('model', 'rules', 'behaviors', 'connect', 'config')]),
    ),
    rule(
      'engine-sees-contracts',
      'the engine is handed targets, warehouses and activations: it names no connector, and does not know where a config comes from.',
      code('^src/engine/'),
      only([folders(...upToEngine)]),
    ),
    rule(
      'assembly-makes-activations',
      'assemble.ts makes of a config what the engine takes.',
      code(assembly),
      only([folders(...upToEngine, 'config')]),
    ),
    rule(
      'catalogue-joins-codes',
      'catalogue.ts joins the codes of model and of the connectors.',
      code(catalogue),
      only([folders('model'), '^src/(targets|warehouses)/codes\\.gen\\.ts$']),
    ),
    rule(
      'api-serves',
      'the API puts engine, store and config before people: it never names a connector, the server that it is part of, nor the command line.',
      code('^src/api/'),
      only([folders(...upToEngine, 'config', 'api'), assembly, catalogue]),
    ),
    rule(
      'api-on-top',
      'the API is used by the server, commands and main.ts alone.',
      { path: '^src/', pathNot: [test, folders('api', 'server', 'cli'), '^src/main\\.ts$'] },
      { path: '^src/api/' },
    ),
    rule(
      'contracts-are-light',
      'a contract is zod and nothing of ours but other contracts: it goes into the UI as well.',
      { path: contract },
      only([contract, folders('model')]),
    ),
    rule(
      'server-composes',
      'the server puts the parts of a process together: it knows nothing of the commands that start it.',
      code('^src/server/'),
      only([folders(...upToServer), assembly, emulatorList]),
    ),
    rule(
      'cases-run-the-engine',
      'cases are played by the real engine in a process: they know nothing of the command that plays them.',
      code('^src/cases/'),
      only([folders(...upToServer, 'cases'), assembly, emulatorList]),
    ),
    rule(
      'demo-shows-the-product',
      'the demo sets up and starts the real product: it knows nothing of the command that shows it.',
      code('^src/demo/'),
      only([folders(...upToServer, 'demo'), assembly, emulatorList]),
    ),
    rule(
      'no-ui-in-the-server',
      'the server serves the UI as built files.',
      { path: '^src/', pathNot: test },
      { path: '^web/' },
    ),
    rule(
      'connectors-by-registry',
      'a connector is reached through its registry, so that adding one touches one folder.',
      { path: '^src/', pathNot: [test, '^src/(targets|warehouses)/'] },
      { path: '^src/(targets|warehouses)/', pathNot: '^src/(targets|warehouses)/\\w+\\.gen\\.ts$' },
    ),
    rule(
      'cli-on-top',
      'commands are called by main.ts alone.',
      { path: '^src/', pathNot: [test, '^src/(cli/|main\\.ts$)'] },
      { path: '^src/cli/' },
    ),
    rule(
      'main-is-last',
      'nothing imports main.ts: it is the one place that knows the whole process. Tests of commands do without one.',
      { path: '^src/', pathNot: [test, '^src/testing/harness/try-cli\\.ts$'] },
      { path: '^src/main\\.ts$' },
    ),
    rule(
      'no-testing-in-production',
      'testing/ and fixtures are for tests.',
      { path: '^src/', pathNot: [test, '^src/testing/'] },
      { path: ['^src/testing/', '\\.fixture\\.ts$'] },
    ),
    rule(
      'no-scripts-in-production',
      'what ships does not import what builds it.',
      { path: '^src/' },
      { path: '^(scripts|bench)/' },
    ),
    rule('no-test-imports', "a test file is nobody's library.", {}, { path: '\\.test\\.ts$' }),
    rule('no-cycles', 'a cycle means that two things are one, or that a third is missing.', {}, { circular: true }),
    rule('resolvable', 'the import must lead somewhere.', {}, { couldNotResolve: true }),
    rule(
      'declared',
      'what ships may import what package.json lists under dependencies.',
      { path: '^src/', pathNot: [test, '^src/testing/'] },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
}
