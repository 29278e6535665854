// Who may import whom. `npm run check` reads it; scripts/boundaries.test.ts plants a violation of each rule and sees it fire.
// The names below are folders of src/. What web/ may import is a rule of .oxlintrc.json, since this tool cannot read its files. Tests and their fixtures may reach across: they put real parts together.

const test = '\\.(test|fixture)\\.ts$'
const only = (allowed) => ({ path: '^(src|scripts|bench)/', pathNot: allowed })

const contract = '^src/api/(.+/contract|endpoint|shared)\\.ts$'

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const code = (path) => ({ path, pathNot: test })

export default {
  forbidden: [
    rule('model-stands-alone', 'model imports nothing of ours: everything else builds on it.', code('^src/model/'), only(['^src/model/'])),
    rule('sync-is-pure', 'sync decides from what it is handed: it may import model, and the contract of a behavior.',
      code('^src/sync/'), only(['^src/(model|sync)/', '^src/behaviors/behavior\\.ts$'])),
    rule('behaviors-are-tables', 'a behavior imports model and its own contract.', code('^src/behaviors/'), only(['^src/(model|behaviors)/'])),
    rule('connect-is-contracts', 'the contracts import model.', code('^src/connect/'), only(['^src/(model|connect)/'])),
    rule('connector-sees-contracts', 'a target or a warehouse imports connect, model and its own folder; the engine hands it the rest.',
      code('^src/(targets|warehouses)/([^/]+)/'), only(['^src/(connect|model)/', '^src/$1/$2/'])),
    rule('emulator-stands-alone', 'an emulator is a server of its own: it imports model and its own folder.',
      code('^src/emulators/([^/]+)/'), only(['^src/model/', '^src/emulators/$1/'])),
    rule('store-keeps-records', 'store imports model (and its own folder): it answers questions, it does not decide.',
      code('^src/store/'), only(['^src/(model|store)/'])),
    rule('engine-sees-contracts', 'the engine is handed targets and warehouses: it never names one.',
      code('^src/(engine|bookkeeping)/'), { path: '^src/(targets|warehouses|emulators|cli)/' }),
    rule('api-serves', 'the API puts engine, store and config before people: it never names a connector, nor the command line.',
      code('^src/api/'), only(['^src/(api|engine|store|config|connect|model|sync|behaviors)/', '^src/assemble\\.ts$'])),
    rule('api-on-top', 'the API is called by commands and main.ts alone.', { path: '^src/', pathNot: [test, '^src/(api|cli)/', '^src/main\\.ts$'] }, { path: '^src/api/' }),
    rule('contracts-are-light', 'a contract is zod and nothing of ours but other contracts: it goes into the UI as well.',
      { path: contract }, only([contract, '^src/model/'])),
    rule('no-ui-in-the-server', 'the server serves the UI as built files.', { path: '^src/', pathNot: test }, { path: '^web/' }),
    rule('connectors-by-registry', 'a connector is reached through its registry, so that adding one touches one folder.',
      { path: '^src/', pathNot: [test, '^src/(targets|warehouses|emulators)/'] },
      { path: '^src/(targets|warehouses|emulators)/', pathNot: '^src/(targets|warehouses|emulators)/registry\\.gen\\.ts$' }),
    rule('cli-on-top', 'commands are called by main.ts alone.', { path: '^src/', pathNot: [test, '^src/(cli/|main\\.ts$)'] }, { path: '^src/cli/' }),
    rule('main-is-last', 'nothing imports main.ts: it is the one place that knows the whole process.', { path: '^src/', pathNot: test }, { path: '^src/main\\.ts$' }),
    rule('no-testing-in-production', 'testing/ and fixtures are for tests.',
      { path: '^src/', pathNot: [test, '^src/testing/'] }, { path: ['^src/testing/', '\\.fixture\\.ts$'] }),
    rule('no-scripts-in-production', 'what ships does not import what builds it.', { path: '^src/' }, { path: '^(scripts|bench)/' }),
    rule('no-test-imports', 'a test file is nobody\'s library.', {}, { path: '\\.test\\.ts$' }),
    rule('no-cycles', 'a cycle means that two things are one, or that a third is missing.', {}, { circular: true }),
    rule('resolvable', 'the import must lead somewhere.', {}, { couldNotResolve: true }),
    rule('declared', 'what ships may import what package.json lists under dependencies.',
      { path: '^src/', pathNot: [test, '^src/testing/'] }, { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] }),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.mjs', '.js'] },
  },
}
