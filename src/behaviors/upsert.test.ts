import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { upsert } from './upsert.ts'

recordBehaviorKit(upsert)
