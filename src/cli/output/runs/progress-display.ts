import type { Progress } from '../../../engine/ports.ts'
import { isPlanRow } from '../../../store/plans/numbered-plans.ts'
import { progressText } from './progress-text.ts'
import type { Terminal } from '../../../server/process/terminal.ts'

export interface ProgressDisplay {
  readonly show: (progress: Progress) => void
  /** The last progress reported. */
  readonly last: Progress | undefined
  end(): void
}

const redrawMs = 100
const plainEveryMs = 5000
/** Redraw without new progress as well, because the rate window changes with time. */
const tickMs = 1000

/** Shows progress on stderr: a live line on a terminal; elsewhere a line per phase and every few seconds. */
export function createProgressDisplay(terminal: Terminal, now: () => number): ProgressDisplay {
  let last: Progress | undefined
  let shownAt = Number.NEGATIVE_INFINITY
  let phaseAt = 0
  let answeredAtStart = 0

  const draw = (progress: Progress, at: number): void => {
    shownAt = at
    const text = progressText(progress, { elapsedMs: at - phaseAt, answeredAtStart }, at)
    // A plan is not a Run, so its row number means nothing to the user.
    const isPlan = isPlanRow(progress.run)
    if (terminal.isLive) terminal.live(`${isPlan ? 'Plan' : `Run ${progress.run}`} · ${text}`)
    else terminal.note(`${isPlan ? 'plan' : `run ${progress.run}`} ${progress.activation}: ${text}`)
  }
  const ticker = terminal.isLive
    ? setInterval(() => last !== undefined && draw(last, now()), tickMs).unref()
    : undefined

  return {
    show(progress) {
      const at = now()
      const isNewPhase = last?.status !== progress.status
      if (isNewPhase) {
        phaseAt = at
        answeredAtStart = progress.answered
      }
      last = progress
      if (isEnd(progress)) return
      if (isNewPhase || at - shownAt >= (terminal.isLive ? redrawMs : plainEveryMs)) draw(progress, at)
    },
    get last() {
      return last
    },
    end() {
      clearInterval(ticker)
      terminal.live(undefined)
    },
  }
}

function isEnd({ status }: Progress): boolean {
  return status !== 'reading' && status !== 'comparing' && status !== 'delivering'
}
