/** What an index may be behind by: Intercom says "a few minutes", and 2 to 3 were seen (reference of 2026-11). */
export const indexLagMs = 10 * 60_000

/** For how long what the index answered to a Run that was put off holds for the next one. */
export const keptReadsMs = 5 * 60_000

/** What was written within this time an answer of the index, fresh or kept, may not show. */
export const unseenMs = indexLagMs + keptReadsMs
