import { recordBehaviorKit } from '../testing/behavior-kit/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/behavior-kit/record-history-kit.ts'
import { archive } from './archive.ts'

recordBehaviorKit(archive)
recordHistoryKit(archive)
