/** The door for people who prove a connector or a behaviour. */
export { behaviorKit } from './behavior-kit.ts'
export { targetKit } from './target-kit.ts'
export { warehouseKit, type WarehouseUnderTest } from './warehouse-kit.ts'
