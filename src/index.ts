/** The public API for programs that run Activations themselves. */
export { runActivation } from './engine/run.ts'
export { planActivation, type PlanReport } from './engine/plan-activation.ts'
export type { RunReport } from './engine/run-report.ts'
export type { Activation, Connection } from './engine/activation.ts'
export type { Ports, Progress } from './engine/ports.ts'
export {
  openControlDatabase,
  type ControlDatabase,
  type ControlDatabaseOptions,
} from './store/database/control-database.ts'
export { Fault, type FaultDetails, type FaultKind } from './model/fault.ts'
export { exitCode, type Counts, type RunStatus } from './model/run.ts'
