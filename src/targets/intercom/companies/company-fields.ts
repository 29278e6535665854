import type { Field } from '../../../connect/index.ts'

type Known = Partial<Field> & Pick<Field, 'name' | 'label' | 'type'>

/**
 * What `POST /companies` accepts (Intercom-OpenAPI 2.16). These types and limits are more exact than those in
 * Intercom's list.
 */
const knownFields: readonly Known[] = [
  { name: 'name', label: 'Company name', type: 'text' },
  {
    name: 'plan',
    label: 'Plan',
    type: 'text',
    remark: 'the name of the plan; Intercom creates a plan if none has this name',
  },
  { name: 'size', label: 'Size', type: 'integer' },
  { name: 'website', label: 'Website', type: 'text' },
  { name: 'industry', label: 'Industry', type: 'text' },
  {
    name: 'monthly_spend',
    label: 'Monthly spend',
    type: 'integer',
    max: 2_147_483_647,
    neverEmpty: true,
    remark: 'whole numbers: Intercom removes the fraction; without a value it is 0',
  },
  { name: 'remote_created_at', label: 'Company created at', type: 'timestamp' },
]

/** Standard timestamps: up to 2.16 Intercom's list gives them the type `date`. */
const moment = /^[a-z_]+_at$/

/** Intercom's list, with corrected types and with the fields it leaves out. */
export function companyFields(listed: readonly Field[]): readonly Field[] {
  const byName = new Map(knownFields.map((field) => [field.name, field]))
  const names = new Set(listed.map(({ name }) => name))
  return [
    ...knownFields.filter(({ name }) => !names.has(name)).map((field) => ({ writable: true, ...field })),
    // Intercom lists it as `plan.name`, not writable; it is written as `plan`.
    ...listed
      .filter(({ name }) => name !== 'plan.name')
      .map((field): Field => {
        const known = byName.get(field.name)
        if (known !== undefined) return { ...field, ...known, writable: true, label: field.label }
        if (field.name === 'company_id')
          return { ...field, writable: false, remark: 'the identifier of the company: set at creation, never changed' }
        return moment.test(field.name) && field.type === 'date' ? { ...field, type: 'timestamp' } : field
      }),
  ].map((field) =>
    field.writable || field.remark !== undefined ? field : { ...field, remark: 'Intercom sets it itself' },
  )
}
