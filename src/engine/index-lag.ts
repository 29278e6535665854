/** What an index may be behind by: Intercom says "a few minutes", and 2 to 3 were seen (reference of 2026-11). */
export const indexLagMs = 10 * 60_000
