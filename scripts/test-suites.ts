/**
 * Suites that try much more in `npm run test:deep`: random histories, and processes that die or lose a connection at
 * every step. The longest suite starts first.
 */
export const deepSuites: readonly string[] = [
  'src/engine/five-activations.test.ts',
  'src/behaviors/',
  'src/engine/crash.test.ts',
  'src/engine/jobs.test.ts',
  'src/engine/record-crash.test.ts',
  'src/engine/cut-connection.test.ts',
  'src/engine/undo.test.ts',
  'src/cli/pooled-database.test.ts',
  'src/cli/truth/',
  'src/server/frozen-worker.test.ts',
]

/**
 * Suites that mostly wait for heartbeats, time limits and restarted servers. They run one at a time, beside the suites
 * that compute.
 */
export const waitingSuites: readonly string[] = [
  'src/server/clock.test.ts',
  'src/server/disk-full.test.ts',
  'src/server/frozen-worker.test.ts',
  'src/server/vanished-worker.test.ts',
  'src/cli/copied-project.test.ts',
  'src/cli/database-away.test.ts',
  'src/cli/database-killed.test.ts',
  'src/cli/interrupted.test.ts',
  'src/cli/time-limit.test.ts',
  'src/http/shared-budget/rate-budget-frozen.test.ts',
  'src/embedded-postgres/embedded-server.test.ts',
  'src/warehouses/postgres/ends.test.ts',
]
