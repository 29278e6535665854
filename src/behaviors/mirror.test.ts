import { behaviorKit } from '../testing/behavior-kit.ts'
import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/record-history-kit.ts'
import { mirror } from './mirror.ts'

behaviorKit(mirror)
recordBehaviorKit(mirror)
recordHistoryKit(mirror)
