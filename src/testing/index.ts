/** What a contributor imports to test a connector or a behavior. */
export { behaviorKit } from './behavior-kit/behavior-kit.ts'
export { recordBehaviorKit } from './behavior-kit/record-behavior-kit.ts'
export { recordKit } from './record-kit/record-kit.ts'
export type { RecordCase, RecordHarness, RecordTrouble, Sample } from './record-kit/record-harness.ts'
export { targetKit } from './target-kit/target-kit.ts'
export type { KitHarness, TargetCase, TargetHarness, Trouble } from './target-kit/target-harness.ts'
export { oauthKit, type OAuthCase, type OAuthHarness } from './target-kit/target-kit-oauth.ts'
export { warehouseKit, type ValueKind, type WarehouseUnderTest } from './warehouse-kit/warehouse-kit.ts'
