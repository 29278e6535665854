/** Suites that mostly wait: for heartbeats to end, time limits, servers to come back. They run one by one beside those that compute. */
export const waitingSuites: readonly string[] = [
  'src/server/clock.test.ts', 'src/server/disk-full.test.ts', 'src/server/frozen-worker.test.ts', 'src/server/vanished-worker.test.ts',
  'src/cli/copied-project.test.ts', 'src/cli/database-away.test.ts', 'src/cli/database-killed.test.ts', 'src/cli/interrupted.test.ts', 'src/cli/time-limit.test.ts',
  'src/http/shared-budget/rate-budget-frozen.test.ts', 'src/embedded-postgres/embedded-server.test.ts', 'src/warehouses/postgres/ends.test.ts',
]
