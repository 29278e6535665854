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
