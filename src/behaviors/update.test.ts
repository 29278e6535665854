import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { update } from './update.ts'

recordBehaviorKit(update)
