import type { Directory } from './directory.ts'
import type { Seeded } from './book.ts'
import type { Custom } from './contact-record.ts'

/** What Intercom stores of a company. Times are unix seconds; `null`: not set. */
export interface CompanyRecord {
  /** The customer's own id, which never changes. */
  readonly companyId: string
  readonly name: string | null
  readonly plan: { readonly id: string; readonly name: string } | null
  readonly size: number | null
  readonly website: string | null
  readonly industry: string | null
  readonly monthlySpend: number
  readonly remoteCreatedAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastRequestAt: number | null
  /** By name. A cleared value stays as `null`. */
  readonly custom: Custom
}

export type CompanyName = 'companyId' | 'name'

const firstCreatedAt = 1_680_000_000
const none = {}

/** The seeded companies: created one per second, in the order of their numbers. */
export function seededCompanies(directory: Directory, count: number): Seeded<CompanyRecord, CompanyName> {
  const { companyIds, companyNames } = directory
  const createdAt = (i: number): number => firstCreatedAt + i
  const unset = (): null => null
  return {
    count,
    fields: {
      companyId: companyIds.of,
      name: companyNames.of,
      plan: unset,
      size: unset,
      website: unset,
      industry: unset,
      monthlySpend: () => 0,
      remoteCreatedAt: createdAt,
      createdAt,
      updatedAt: createdAt,
      lastRequestAt: createdAt,
      custom: () => none,
    },
    names: { companyId: companyIds.find, name: companyNames.find },
  }
}
