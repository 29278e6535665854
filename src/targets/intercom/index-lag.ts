/** How far Intercom's index may lag: Intercom says "a few minutes", and 2 to 3 were observed (reference of 2026-11). */
export const indexLagMs = 10 * 60_000
