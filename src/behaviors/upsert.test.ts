import { recordBehaviorKit } from '../testing/behavior-kit/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/behavior-kit/record-history-kit.ts'
import { upsert } from './upsert.ts'

recordBehaviorKit(upsert)
recordHistoryKit(upsert)
