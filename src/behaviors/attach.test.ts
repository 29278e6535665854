import { behaviorKit } from '../testing/behavior-kit/behavior-kit.ts'
import { attach } from './attach.ts'

behaviorKit(attach)
