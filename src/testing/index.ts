/** The door for people who prove a connector or a behaviour. */
export { behaviorKit } from './behavior-kit/behavior-kit.ts'
export { recordBehaviorKit } from './behavior-kit/record-behavior-kit.ts'
export { recordKit } from './record-kit/record-kit.ts'
export type { RecordCase, RecordHarness, RecordTrouble, Sample } from './record-kit/record-harness.ts'
export { targetKit } from './target-kit/target-kit.ts'
export type { KitHarness, TargetCase, TargetHarness, Trouble } from './target-kit/target-harness.ts'
export { warehouseKit, type WarehouseUnderTest } from './warehouse-kit/warehouse-kit.ts'
