import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { deleteRecords } from './delete.ts'

recordBehaviorKit(deleteRecords)
