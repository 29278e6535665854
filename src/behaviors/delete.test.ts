import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/record-history-kit.ts'
import { deleteRecords } from './delete.ts'

recordBehaviorKit(deleteRecords)
recordHistoryKit(deleteRecords)
