import { behaviorKit } from '../testing/behavior-kit.ts'
import { mirror } from './mirror.ts'

behaviorKit(mirror)
