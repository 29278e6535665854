import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { insert } from './insert.ts'

recordBehaviorKit(insert)
