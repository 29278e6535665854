import { backoffMs } from './backoff.ts'
import { owedAt, type Ended, type Pacing, type PacingEvent, type ReportedRate } from './pacing-state.ts'
import { hear } from './window-clock.ts'

/** After a reply that was not a 429. `reported`: what its headers say of the window. */
export function heard(s: Pacing, event: Ended, reported: ReportedRate | undefined): Pacing {
  if (reported === undefined) return countedByUs(s, event)
  const { windowMs } = s.rules
  const limit = reported.limit ?? s.limit
  const place = placeOf(s, event, reported)
  if (place === 'older') return s
  // This request was sent after the last loss, so `remaining` already includes all lost requests that were counted.
  const lost = owedAt(s, event.sentAt)
  const owed = event.sentAt >= s.owedAt ? 0 : lost
  const opens = place === 'newer'
  const clock =
    reported.reset === undefined
      ? s.clock
      : hear(s.clock, { ...event, reset: reported.reset, date: reported.date, windowMs })
  return {
    ...s,
    limit,
    owed,
    clock,
    left: opens ? reported.remaining : Math.min(s.left, reported.remaining),
    endsAt:
      reported.reset !== undefined
        ? reported.reset + clock.most
        : opens
          ? event.at + (reported.resetsInMs ?? windowMs)
          : Math.min(s.endsAt, event.at + (reported.resetsInMs ?? Infinity)),
    openedAt: opens ? event.at : s.openedAt,
    probeUntil: opens ? 0 : s.probeUntil,
    spread: opens ? 0 : s.spread,
    // Lost requests that no longer count as owed may be among those that the vendor counted in this window.
    used: (opens ? 1 : s.used + 1) + lost - owed,
    // A new window has new permits, so ask at once.
    lease: opens && s.lease !== undefined ? { ...s.lease, askAt: event.at } : s.lease,
  }
}

/** Whether a reply reports the known window, an older one or a newer one. */
function placeOf(s: Pacing, event: Ended, reported: ReportedRate): 'older' | 'same' | 'newer' {
  const known = s.clock.reset
  const sentAfterEnd = event.sentAt >= s.endsAt
  if (reported.reset === undefined) return sentAfterEnd ? 'newer' : 'same'
  if (known === undefined || reported.reset > known) return 'newer'
  // A request sent after we learned of a later window cannot belong to an earlier one: the vendor's clock was set back.
  if (reported.reset < known) return event.sentAt > s.openedAt ? 'newer' : 'older'
  // The same name with a higher count: the server uses one name for all its windows.
  return sentAfterEnd && reported.remaining > s.left ? 'newer' : 'same'
}

function countedByUs(s: Pacing, event: Ended): Pacing {
  // Of a vendor that names its windows, only the next report shows in which one this request was counted.
  if (s.clock.reset !== undefined) return { ...s, owed: owedAt(s, event.at) + 1, owedAt: event.at, probeUntil: 0 }
  if (event.sentAt < s.endsAt) return { ...s, left: Math.max(0, s.left - 1) }
  const endsAt = event.sentAt + s.rules.windowMs
  return { ...s, left: s.limit - 1, owed: 0, openedAt: event.at, endsAt, probeUntil: 0, spread: 0, used: 1 }
}

type Limited = Extract<PacingEvent, { type: 'limited' }>

/** After a 429. */
export function limited(s: Pacing, event: Limited): Pacing {
  const { reported } = event
  const usedUp = reported !== undefined && reported.remaining <= 0
  return afterRetryHeader(usedUp ? windowUsedUp(s, event, reported) : overloaded(s, event), event)
}

function windowUsedUp(s: Pacing, event: Limited, reported: ReportedRate): Pacing {
  const place = placeOf(s, event, reported)
  if (place === 'older') return s
  const next = { ...heard(s, event, reported), left: 0, spread: event.random * s.rules.spreadMs }
  if (place === 'newer' || event.sentAt < s.endsAt) return next
  // The probe came before the window's true end: the header was rounded down or a clock is off. Learn the delay.
  const endsAt = event.at + backoffMs(s.rules.backoff, s.pauses, event.random)
  const clock = { ...next.clock, most: endsAt - (reported.reset ?? endsAt) }
  return { ...next, clock, endsAt, pauses: s.pauses + 1, probeUntil: 0, spread: 0 }
}

function overloaded(s: Pacing, event: Limited): Pacing {
  const next = event.reported === undefined ? s : heard(s, event, event.reported)
  if (event.epoch !== s.epoch) return next
  return {
    ...next,
    pausedUntil: event.at + backoffMs(s.rules.backoff, s.pauses, event.random),
    pauses: s.pauses + 1,
    epoch: s.epoch + 1,
    fresh: 0,
    allowed: 1,
    probeUntil: 0,
  }
}

function afterRetryHeader(s: Pacing, event: Limited): Pacing {
  if (event.retryAfterMs <= 0) return s
  return { ...s, pausedUntil: Math.max(s.pausedUntil, event.at + event.retryAfterMs) }
}
