/** The tailrace.yaml that `tailrace init` writes. It loads unchanged once INTERCOM_TOKEN is set. */
export function starterConfig(): string {
  return `# What Tailrace connects to, and what it keeps up to date.
# \${VAR} reads the environment, so that secrets stay out of this file. "tailrace check" validates it and tests every connection.

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
    tags: [Premium Customers]      # one; detach: one or more; or { column: segment }: each row its own
    createTag: false               # true: make the tag at the first Run that needs it
    identifier:
      field: id                    # what Intercom finds the record by
      column: intercom_id          # the column of the query that holds it

    # When to run by itself, once there is "tailrace up" (until then, let cron call "tailrace run"). Or: cron: "0 6 * * *" and timezone: Europe/Berlin
    # schedule: every 1h

    # A Run that would change more than this stops before its first write. These are the defaults.
    # limits: { adds: 50%, removes: 20% }

    # verify: none                 # none | sample | full: read back after each Run
    # ownership: respect           # respect | adopt | enforce: tags that others put on
    # drift: report                # report | repair: tags that others took off
    # timeLimit: 6h                # how long one Run may take

  # Whole contacts: created where Intercom has none, updated where it has. "tailrace fields support contact" lists the fields there are.
  # customers:
  #   warehouse: shop
  #   query: select user_id, email, full_name, plan, signed_up from customers
  #   target: support
  #   object: contact                # or company
  #   behavior: upsert               # upsert | update | insert | delete | archive | mirror
  #   identifier:                    # the first that a row has; one alone needs no list
  #     - { field: external_id, column: user_id }
  #     - { field: email, column: email }
  #   mapping:                       # field: column; columns that are named nowhere are not read
  #     name: { column: full_name, clean: [trim, collapse] }
  #     signed_up_at: signed_up
  #     custom_attributes.plan: { column: plan, onNull: clear }                  # skip (the default) leaves the field as it is
  #     custom_attributes.source: { constant: warehouse, onlyIfEmpty: true }     # never over what is there
  #   createFields: false            # true: make custom attributes that Intercom does not have
  #   matches: one                   # all: write to every contact that an email names
`
}
