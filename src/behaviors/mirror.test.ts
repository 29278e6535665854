import { behaviorKit } from '../testing/behavior-kit/behavior-kit.ts'
import { recordBehaviorKit } from '../testing/behavior-kit/record-behavior-kit.ts'
import { recordHistoryKit } from '../testing/behavior-kit/record-history-kit.ts'
import { mirror } from './mirror.ts'

behaviorKit(mirror)
recordBehaviorKit(mirror)
recordHistoryKit(mirror)
