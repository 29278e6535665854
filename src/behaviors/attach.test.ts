import { behaviorKit } from '../testing/behavior-kit.ts'
import { attach } from './attach.ts'

behaviorKit(attach)
