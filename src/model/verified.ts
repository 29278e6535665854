/** What a reading says of a Record: as we left it, could not be told, or not as we left it. */
export type Verdict = 'confirmed' | 'pending' | 'missing'

/** Records by verdict. */
export type Verified = Readonly<Record<Verdict, number>>

export const noneVerified: Verified = { confirmed: 0, pending: 0, missing: 0 }

/** What happened to a Record since we wrote it: a person took a member off, put one back, or changed a value; or the thing itself is gone. */
export type DriftKind = 'taken off' | 'put back' | 'gone' | 'changed'
