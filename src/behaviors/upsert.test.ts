import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/record-history-kit.ts'
import { upsert } from './upsert.ts'

recordBehaviorKit(upsert)
recordHistoryKit(upsert)
