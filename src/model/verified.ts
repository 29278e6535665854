/** Whether a read shows a Record as we wrote it: yes, unknown, or no. */
export type Verdict = 'confirmed' | 'pending' | 'missing'

/** Records by verdict. */
export type Verified = Readonly<Record<Verdict, number>>

export const noneVerified: Verified = { confirmed: 0, pending: 0, missing: 0 }

/**
 * How a Record changed since we wrote it: a group was removed, a removed group (or target record) is back, the target
 * record is gone, or a value changed.
 */
export type DriftKind = 'taken off' | 'put back' | 'gone' | 'changed'
