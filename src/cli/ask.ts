import { createInterface } from 'node:readline/promises'
import type { Terminal } from '../server/process/terminal.ts'

/** Whether the command runs interactively, so that it can ask the user. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.isLive && process.stdin.isTTY === true
}

/** Asks the user at the terminal. Everything except yes counts as no, including Ctrl-C. */
export async function ask(question: string, stop: AbortSignal): Promise<boolean> {
  // Readline's terminal mode would capture Ctrl-C instead of leaving the signal to the process.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    const answer = await Promise.race([
      lines.question(`${question} [y/N] `, { signal: stop }),
      new Promise<string>((resolve) => lines.once('close', () => resolve(''))),
    ])
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    if (stop.aborted) return false
    throw error
  } finally {
    lines.close()
  }
}
