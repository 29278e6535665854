/** How far an index may lag: Intercom says "a few minutes", and 2 to 3 were observed (reference of 2026-11). */
export const indexLagMs = 10 * 60_000

/** How long the next Run may use index answers that a deferred Run kept. */
export const keptReadsMs = 5 * 60_000

/** An index answer, fresh or kept, may not show what was written within this time. */
export const unseenMs = indexLagMs + keptReadsMs
