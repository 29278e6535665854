import { recordBehaviorKit } from '../testing/behavior-kit/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/behavior-kit/record-history-kit.ts'
import { update } from './update.ts'

recordBehaviorKit(update)
recordHistoryKit(update)
