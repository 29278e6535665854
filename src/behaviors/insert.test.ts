import { recordBehaviorKit } from '../testing/behavior-kit/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/behavior-kit/record-history-kit.ts'
import { insert } from './insert.ts'

recordBehaviorKit(insert)
recordHistoryKit(insert)
