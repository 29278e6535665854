import { readEach, type Field, type Finder, type Found, type Match } from '../../../connect/index.ts'
import { property, text } from '../answer.ts'
import { valuesOf } from '../field-values.ts'
import { sinceOf } from '../contacts/find-contacts.ts'
import { invalidId } from '../identity.ts'
import { showCompany } from './read-company.ts'

const identifiers = ['id', 'company_id'] as const

/**
 * Companies by `company_id` or `id`, one per call: no stable version searches for several (2.16). The reads are
 * direct.
 */
export function companyFinder<Ready>(fieldsOf: (ready: Ready) => Iterable<Field>): Finder<Ready> {
  return {
    perCall: () => 1,
    async *find(io, ready, field, values) {
      const fields = [...fieldsOf(ready)]
      const asked = values.filter((value) => invalidId({ field, value }) === undefined)
      const reading = readEach(asked, async (value): Promise<Found> => {
        const there = await showCompany(io, { field, value })
        // Compare company_id exactly, even if Intercom does not.
        const is = there !== null && text(property(there.body, field)) === value
        return { value, matches: is ? [companyMatch(there.body, fields)] : [] }
      })
      for await (const found of reading) if (found.matches.length > 0) yield found
    },
  }
}

export function companyMatch(company: unknown, fields: Iterable<Field>): Match {
  const createdAt = property(company, 'created_at')
  const name = text(property(company, 'name')) ?? 'without a name'
  const companyId = text(property(company, 'company_id'))
  return {
    targetId: text(property(company, 'id')) ?? '',
    label: `${name}${companyId === undefined ? '' : ` (company_id ${companyId})`}${sinceOf(company)}`,
    fields: valuesOf(company, fields, identifiers),
    ...(typeof createdAt === 'number' ? { createdAt } : {}),
  }
}
