import type { Progress } from '../../../engine/ports.ts'
import { isPlanRow } from '../../../store/plans/numbered-plans.ts'
import type { Terminal } from '../../../server/process/terminal.ts'
import { count, duration, plural } from '../../../model/figures.ts'

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

/** Progress in one line: phase, rows or Records, speed, remaining time, use of the Target's rate window. */
function progressText(
  progress: Progress,
  phase: { readonly elapsedMs: number; readonly answeredAtStart: number },
  now: number,
): string {
  const { status, read, invalid, planned, answered, failed, rate } = progress
  if (status === 'reading') return join('reading', plural(read, 'row'), invalid > 0 && `${count(invalid)} invalid`)
  if (status === 'comparing') return join('comparing', plural(read, 'row'))
  if (status !== 'delivering') return status
  const perSecond = ((answered - phase.answeredAtStart) / Math.max(phase.elapsedMs, 1)) * 1000
  const isSteady = phase.elapsedMs >= 1000 && perSecond > 0
  return join(
    'delivering',
    `${count(answered)}/${count(planned)} (${Math.floor((answered / Math.max(planned, 1)) * 100)} %)`,
    failed > 0 && `${count(failed)} failed`,
    isSteady && `${count(Math.round(perSecond))}/s`,
    isSteady && answered < planned && `${duration(((planned - answered) / perSecond) * 1000)} left`,
    rate !== undefined &&
      now < (rate.resetsAt ?? Infinity) &&
      `${rate.name} ${Math.round((1 - rate.remaining / Math.max(rate.limit, 1)) * 100)} % used`,
  )
}

function join(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' · ')
}
