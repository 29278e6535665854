/** `Intercom-Version`, in an order that can be compared: 2.16 is 216; Preview comes after all numbered ones. */
export interface Version {
  readonly name: string
  readonly rank: number
}

const preview = 999
const versions = new Map<string, Version>([
  ...['1.0', '1.1', '1.2', '1.3', '1.4'].map((name) => entry(name, 100)),
  ...Array.from({ length: 18 }, (_, minor) => entry(`2.${minor}`, 200 + minor)),
  // `Unstable` was renamed `Preview` in April 2026; the SDK still says Unstable.
  entry('Preview', preview), entry('Unstable', preview),
])

function entry(name: string, rank: number): [string, Version] {
  return [name, { name, rank }]
}

export function findVersion(name: string): Version | undefined {
  return versions.get(name)
}

/** Answers per entity in `POST /tags`, text owner ids, 410 for merged contacts. */
export const since216 = (version: Version): boolean => version.rank >= 216
/** Exact UTC seconds in contact search. */
export const since217 = (version: Version): boolean => version.rank >= 217
