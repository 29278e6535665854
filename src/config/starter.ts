/** The tailrace.yaml that `tailrace init` writes. It loads unchanged once INTERCOM_TOKEN is set. */
export function starterConfig(): string {
  return `# The warehouses and targets of Tailrace, and the activations that keep the targets up to date.
# \${VAR} reads an environment variable, so that this file contains no secrets. "tailrace check" validates it and tests every connection.

warehouses:
  shop:
    type: duckdb
    path: ./shop.duckdb            # relative to this file
  # analytics:
  #   type: postgres
  #   url: \${WAREHOUSE_URL}

targets:
  support:
    type: intercom
    token: \${INTERCOM_TOKEN}
    region: us                     # us | eu | au

activations:
  premium-customers:
    warehouse: shop
    query: |
      select intercom_id
      from customers
      where plan = 'premium'
    target: support
    object: contact_tag            # what to write; company_tag puts tags on companies
    behavior: attach               # attach | detach | mirror
    tags: [Premium Customers]      # one tag; detach: one or more; or { column: segment }: the rows name them
    createTag: false               # true: create the tag in the first Run that needs it
    identifier:
      field: id                    # the field that identifies the record in Intercom
      column: intercom_id          # the column of the query that contains it

    # The schedule for "tailrace up" (without a server, let cron call "tailrace run"). Or: cron: "0 6 * * *" and timezone: Europe/Berlin
    # schedule: every 1h

    # A Run that would exceed a limit is blocked before its first write. These are the defaults.
    # limits: { adds: 50%, removes: 20% }

    # verify: none                 # none | sample | full: read back after each Run
    # ownership: respect           # respect | adopt | enforce: tags that others added
    # drift: report                # report | repair: tags that others removed
    # timeLimit: 6h                # the maximum time of one Run

  # Whole contacts: created if Intercom does not have them, updated if it does. "tailrace fields support contact" lists the fields.
  # customers:
  #   warehouse: shop
  #   query: select user_id, email, full_name, plan, signed_up from customers
  #   target: support
  #   object: contact                # or company
  #   behavior: upsert               # upsert | update | insert | delete | archive | mirror
  #   identifier:                    # the first one with a value in the row; a single one needs no list
  #     - { field: external_id, column: user_id }
  #     - { field: email, column: email }
  #   mapping:                       # field: column; other columns are not read
  #     name: { column: full_name, clean: [trim, collapse] }
  #     signed_up_at: signed_up
  #     custom_attributes.plan: { column: plan, onNull: clear }                  # skip (the default): a null does not change the field
  #     custom_attributes.source: { constant: warehouse, onlyIfEmpty: true }     # never overwrites a value
  #   createFields: false            # true: create custom attributes that Intercom does not have
  #   matches: one                   # all: write to every contact that an email matches
`
}
