import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/record-history-kit.ts'
import { insert } from './insert.ts'

recordBehaviorKit(insert)
recordHistoryKit(insert)
