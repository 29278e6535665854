/** `Intercom-Version` with a comparable rank: 2.16 is 216; Preview comes after all numbered versions. */
export interface Version {
  readonly name: string
  readonly rank: number
}

const preview = 999
const versions = new Map<string, Version>([
  ...['1.0', '1.1', '1.2', '1.3', '1.4'].map((name) => entry(name, 100)),
  ...Array.from({ length: 18 }, (_, minor) => entry(`2.${minor}`, 200 + minor)),
  // `Unstable` was renamed `Preview` in April 2026; the SDK still uses Unstable.
  entry('Preview', preview),
  entry('Unstable', preview),
])

function entry(name: string, rank: number): [string, Version] {
  return [name, { name, rank }]
}

export function findVersion(name: string): Version | undefined {
  return versions.get(name)
}

/** Per-record answers of `POST /tags`, owner ids as text, 410 for merged contacts. */
export const since216 = (version: Version): boolean => version.rank >= 216
/** Exact UTC seconds in the contact search. */
export const since217 = (version: Version): boolean => version.rank >= 217
