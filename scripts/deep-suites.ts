/**
 * Suites that try much more in `npm run test:deep`: random histories, and processes that die or lose a connection at
 * every step. The longest suite starts first.
 */
export const deepSuites: readonly string[] = [
  'src/engine/five-activations.test.ts',
  'src/behaviors/',
  'src/engine/crash.test.ts',
  'src/engine/record-crash.test.ts',
  'src/engine/cut-connection.test.ts',
  'src/engine/undo.test.ts',
  'src/cli/pooled-database.test.ts',
  'src/server/frozen-worker.test.ts',
]
