/** The demo's tailrace.yaml. Users read it, so it is commented. */
export function sampleConfig(target: { readonly url: string; readonly token: string }): string {
  return `# Written by "tailrace demo", which overwrites it each time.

warehouses:
  shop:
    type: duckdb
    path: ./shop.duckdb

targets:
  support:
    type: intercom
    token: ${target.token}
    baseUrl: ${target.url}        # the emulated Intercom; a real one needs no baseUrl

activations:
  premium-customers:                      # a tag on contacts, created by the first Run that needs it
    warehouse: shop
    query: select intercom_id from customers where plan = 'premium'
    target: support
    object: contact_tag
    behavior: attach
    tags: [Premium Customers]
    createTag: true
    identifier: { field: id, column: intercom_id }

  key-accounts:                           # a tag on companies, found by the shop's own company_id
    warehouse: shop
    query: select company_id from companies where yearly_revenue >= 10000
    target: support
    object: company_tag
    behavior: attach
    tags: [Key Account]
    identifier: { field: company_id, column: company_id }

  settled-conversations:                  # removes two tags from conversations
    warehouse: shop
    query: select intercom_id from conversations where settled
    target: support
    object: conversation_tag
    behavior: detach
    tags: [Paid Customer, Region-EU]
    identifier: { field: id, column: intercom_id }
`
}
