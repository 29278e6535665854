import { createInterface } from 'node:readline/promises'
import type { Terminal } from '../server/process/terminal.ts'

/** Whether there is a person to ask. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.isLive && process.stdin.isTTY === true
}

/** Asks a person at the terminal; anything but a yes is a no, and so is Ctrl-C. */
export async function ask(question: string, stop: AbortSignal): Promise<boolean> {
  // Without readline's own terminal mode, Ctrl-C stays the signal it is everywhere else.
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
