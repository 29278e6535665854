import { count } from '../figures.ts'
import type { DriftKind, Verified } from '../observed.ts'
import type { Nouns } from '../noun.ts'
import { unnamedGroup } from '../behavior.ts'
import { amount, listed } from './amounts.ts'

/**
 * What was to be read back and was not: a job of the Target works on it, or nothing is known of its values. `synced`: all
 * that the Activation had to read back.
 */
function notChecked({ confirmed, pending, missing }: Verified, synced: number): number {
  return Math.max(0, synced - confirmed - pending - missing)
}

/** `All 1,310 contacts are as written`. Says "all" only if every one was read and is as written. */
export function verifiedTitle(figures: Verified, synced: number, { record }: Nouns): string {
  const { confirmed, pending, missing } = figures
  if (missing > 0) return `${amount(missing, record)} ${missing === 1 ? 'was' : 'were'} changed`
  if (pending > 0) return `${amount(pending, record)} could not be read`
  if (synced === 0) return 'There was nothing to read back'
  if (confirmed < synced)
    return `${count(confirmed)} of ${amount(synced, record)} ${confirmed === 1 ? 'is' : 'are'} as written`
  return synced === 1 ? `The one ${record.one} is as written` : `All ${amount(synced, record)} are as written`
}

/** `1,243 confirmed`, `67 not checked`, without zeros except of what was confirmed. */
export function verifiedParts(figures: Verified, synced: number): string[] {
  const { confirmed, pending, missing } = figures
  const rest = notChecked(figures, synced)
  return [
    `${count(confirmed)} confirmed`,
    ...(missing > 0 ? [`${count(missing)} changed`] : []),
    ...(pending > 0 ? [`${count(pending)} could not be read`] : []),
    ...(rest > 0 ? [`${count(rest)} not checked`] : []),
  ]
}

/** How a Record differs from what was written: `the tag was detached (VIP)`. `details`: names of groups or Fields. */
export function driftWords(what: DriftKind, details: readonly string[], { record, group }: Nouns): string {
  const named = details.length === 0 ? '' : ` (${listed(details)})`
  const { one } = group ?? unnamedGroup
  switch (what) {
    case 'taken off':
      return `the ${one} was detached${named}`
    case 'put back':
      return group === null ? `the ${record.one} exists again` : `the ${one} was attached again${named}`
    case 'gone':
      return `the ${record.one} is no longer in the Target`
    case 'changed':
      return `changed${named}`
  }
}
