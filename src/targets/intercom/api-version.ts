/**
 * Everything that depends on Intercom's API version is in this file. Source: Intercom-OpenAPI 8889625 (2026-08-21)
 * and its changelog.
 */

export const apiVersions = ['2.14', '2.15', '2.16'] as const
export type ApiVersion = (typeof apiVersions)[number]
export const defaultApiVersion: ApiVersion = '2.16'

/** Always sent: without it, Intercom uses the version set for the app in its Developer Hub. */
export const versionHeader = 'Intercom-Version'

/**
 * From 2.16 (2026-07-24) `POST /tags` skips records that do not exist and lists those it tagged. Before, one unknown
 * record failed the whole call with a 404 that does not say which one, and a success listed no records.
 */
export function answersPerRecord(version: ApiVersion): boolean {
  return atLeast(version, '2.16')
}

/** Compares part by part: as a number, 2.9 would be greater than 2.16. */
export function atLeast(version: ApiVersion, wanted: ApiVersion): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}
