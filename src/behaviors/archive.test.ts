import { recordBehaviorKit } from '../testing/record-behavior-kit.ts'
import { archive } from './archive.ts'

recordBehaviorKit(archive)
