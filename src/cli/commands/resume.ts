import { pauseCommand } from '../pause-command.ts'

export const command = pauseCommand(false)
