/** The door for people who prove a connector or a behaviour. */
export { behaviorKit } from './behavior-kit.ts'
export { recordBehaviorKit } from './record-behavior-kit.ts'
export { recordKit } from './record-kit.ts'
export type { RecordCase, RecordStand, RecordTrouble, Sample } from './record-stand.ts'
export { targetKit } from './target-kit.ts'
export type { Stand, TargetCase, TargetStand, Trouble } from './target-stand.ts'
export { warehouseKit, type WarehouseUnderTest } from './warehouse-kit.ts'
