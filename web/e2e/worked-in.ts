import { startProduct, type Product } from '../../src/testing/harness/product.ts'

const tables = `
  create table customers as select 'c' || i as intercom_id, 'user-' || i as external_id, 'user-' || i || '@example.com' as email, 'Person ' || i as name, i * 10 as seats, if(i % 2 = 1, 'premium', 'free') as plan from range(1, 61) as each_one (i);
  create table companies as select 'company-' || i as company_id, 'Company ' || i as name, 10000 + i as revenue from range(1, 31) as each_one (i);
  create table conversations as select i as intercom_id, i between 100 and 102 as settled from range(98, 105) as each_one (i)`

const shared = { warehouse: 'shop', target: 'support' }
const activations: Readonly<Record<string, object>> = {
  'premium-customers': {
    ...shared,
    query: "select intercom_id from customers where plan = 'premium'",
    object: 'contact_tag',
    behavior: 'mirror',
    tags: ['Premium Customers'],
    createTag: true,
    identifier: { field: 'id', column: 'intercom_id' },
    schedule: 'every 1h',
  },
  'key-accounts': {
    ...shared,
    query: 'select company_id from companies',
    object: 'company_tag',
    behavior: 'attach',
    tags: ['Key Account'],
    identifier: { field: 'company_id', column: 'company_id' },
  },
  'settled-conversations': {
    ...shared,
    query: 'select intercom_id from conversations where settled',
    object: 'conversation_tag',
    behavior: 'detach',
    tags: ['Paid Customer', 'Region-EU'],
    identifier: { field: 'id', column: 'intercom_id' },
  },
  'contact-fields': {
    ...shared,
    query: 'select external_id, email, name, seats from customers',
    object: 'contact',
    behavior: 'upsert',
    identifier: { field: 'external_id', column: 'external_id' },
    mapping: { email: 'email', name: 'name', 'custom_attributes.seats': 'seats' },
  },
  'cannot-run': {
    ...shared,
    query: 'select nothing from nowhere',
    object: 'contact_tag',
    behavior: 'attach',
    tags: ['Key Account'],
    identifier: { field: 'id', column: 'nothing' },
  },
}

/** A server with history: several kinds of Activations, with Runs that succeeded, partly failed or failed. */
export async function startWorkedIn(): Promise<Product> {
  const product = await startProduct({
    tables,
    intercom: {
      contacts: Array.from({ length: 60 }, (_, at) => ({
        id: `c${at + 1}`,
        external_id: `user-${at + 1}`,
        email: `user-${at + 1}@example.com`,
      })),
      companies: Array.from({ length: 27 }, (_, at) => ({ company_id: `company-${at + 1}` })),
      conversations: 200,
      tags: ['Key Account'],
      tagged: [
        { tag: 'Paid Customer', conversations: ['100', '101', '102'] },
        { tag: 'Region-EU', conversations: ['100', '102'] },
      ],
    },
  })
  await product.connect()
  for (const [name, config] of Object.entries(activations))
    await product.api('POST', '/api/activations', { name, config, run: true })
  await product.quiet()
  await product.sql("delete from customers where external_id <> 'user-1'")
  await product.api('POST', '/api/activations/premium-customers/runs', { allow: [] })
  await product.quiet()
  return product
}
