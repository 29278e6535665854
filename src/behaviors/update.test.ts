import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/record-history-kit.ts'
import { update } from './update.ts'

recordBehaviorKit(update)
recordHistoryKit(update)
