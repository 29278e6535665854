export type AttributeModel = 'contact' | 'company' | 'conversation'
export type AttributeType = 'string' | 'integer' | 'float' | 'boolean' | 'date' | 'datetime'

/** A custom attribute. */
export interface AttributeSeed {
  model: AttributeModel
  name: string
  type: AttributeType
  /** Makes a `string` attribute a list. */
  options?: readonly string[] | undefined
  description?: string | undefined
  archived?: boolean | undefined
}

const records: readonly Omit<AttributeSeed, 'model'>[] = [
  { name: 'paid_subscriber', type: 'boolean', description: 'Whether there is a paid subscription.' },
  {
    name: 'plan',
    type: 'string',
    options: ['free', 'basic', 'premium'],
    description: 'The plan that is subscribed to.',
  },
  { name: 'monthly_value', type: 'float' },
  { name: 'seats', type: 'integer' },
  { name: 'renewal_date', type: 'date' },
  { name: 'notes', type: 'string' },
  { name: 'retired', type: 'string', archived: true },
]

/** The default custom attributes of a workspace: the same for contacts and companies, one of them archived. */
export const seededAttributes: readonly AttributeSeed[] = [
  ...records.map((each) => ({ ...each, model: 'contact' as const })),
  ...records.map((each) => ({ ...each, model: 'company' as const })),
  { model: 'conversation', name: 'topic', type: 'string' },
  { model: 'conversation', name: 'retired', type: 'string', archived: true },
]
