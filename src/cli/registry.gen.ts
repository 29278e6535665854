// Written by `npm run gen` from the contents of src/cli/commands/. Do not edit.
import type { Command } from 'commander'

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  apply: async () => (await import('./commands/apply.ts')).command,
  cancel: async () => (await import('./commands/cancel.ts')).command,
  check: async () => (await import('./commands/check.ts')).command,
  demo: async () => (await import('./commands/demo.ts')).command,
  emulator: async () => (await import('./commands/emulator.ts')).command,
  explain: async () => (await import('./commands/explain.ts')).command,
  export: async () => (await import('./commands/export.ts')).command,
  fields: async () => (await import('./commands/fields.ts')).command,
  free: async () => (await import('./commands/free.ts')).command,
  init: async () => (await import('./commands/init.ts')).command,
  pause: async () => (await import('./commands/pause.ts')).command,
  plan: async () => (await import('./commands/plan.ts')).command,
  resume: async () => (await import('./commands/resume.ts')).command,
  retry: async () => (await import('./commands/retry.ts')).command,
  run: async () => (await import('./commands/run.ts')).command,
  runs: async () => (await import('./commands/runs.ts')).command,
  show: async () => (await import('./commands/show.ts')).command,
  test: async () => (await import('./commands/test.ts')).command,
  undo: async () => (await import('./commands/undo.ts')).command,
  up: async () => (await import('./commands/up.ts')).command,
  verify: async () => (await import('./commands/verify.ts')).command,
  why: async () => (await import('./commands/why.ts')).command,
  worker: async () => (await import('./commands/worker.ts')).command,
  workers: async () => (await import('./commands/workers.ts')).command,
}
