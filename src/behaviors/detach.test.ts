import { behaviorKit } from '../testing/behavior-kit/behavior-kit.ts'
import { detach } from './detach.ts'

behaviorKit(detach)
