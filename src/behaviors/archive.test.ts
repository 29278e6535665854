import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/record-history-kit.ts'
import { archive } from './archive.ts'

recordBehaviorKit(archive)
recordHistoryKit(archive)
