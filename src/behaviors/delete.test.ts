import { recordBehaviorKit } from '../testing/behavior-kit/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/behavior-kit/record-history-kit.ts'
import { deleteRecords } from './delete.ts'

recordBehaviorKit(deleteRecords)
recordHistoryKit(deleteRecords)
