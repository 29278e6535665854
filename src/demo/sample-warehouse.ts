import { rm } from 'node:fs/promises'

export interface SampleIds {
  /** Intercom's id of the i-th contact, starting at 1. */
  readonly contactId: (i: number) => string
  /** The shop's id of the i-th company, starting at 1. */
  readonly companyId: (i: number) => string
}

/** Companies that are in the warehouse but not in Intercom. */
export const unknownCompanies = ['company-9001', 'company-9002', 'company-9003']
export const knownCompanies = 147

/**
 * Writes a sample DuckDB file of a shop: every second customer is premium, three companies are unknown to Intercom,
 * three conversations are done.
 */
export async function writeSampleWarehouse(
  file: string,
  customers: number,
  { contactId, companyId }: SampleIds,
): Promise<void> {
  // A native library: load it only when a demo runs.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  await Promise.all([rm(file, { force: true }), rm(`${file}.wal`, { force: true })])
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  try {
    await connection.run(`
      create table customers (customer_id integer, intercom_id varchar, email varchar, plan varchar);
      create table companies (company_id varchar, name varchar, yearly_revenue integer);
      create table conversations (intercom_id varchar, topic varchar, settled boolean);`)
    const customer = await connection.createAppender('customers')
    for (let i = 1; i <= customers; i += 1) {
      customer.appendInteger(i)
      customer.appendVarchar(contactId(i))
      customer.appendVarchar(`user-${i}@example.com`)
      customer.appendVarchar(i % 2 === 1 ? 'premium' : 'free')
      customer.endRow()
    }
    customer.closeSync()
    const companies = [...Array.from({ length: knownCompanies }, (_, i) => companyId(i + 1)), ...unknownCompanies]
    const company = await connection.createAppender('companies')
    for (const [i, id] of companies.entries()) {
      company.appendVarchar(id)
      company.appendVarchar(`Company ${id.replace('company-', '')}`)
      company.appendInteger(10_000 + i)
      company.endRow()
    }
    company.closeSync()
    await connection.run(
      `insert into conversations select i::varchar, 'billing', i between 100 and 102 from range(1, 201) as each_one (i)`,
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Changes to the sample warehouse between further Runs of "premium-customers". They give the demo a history. */
export const demoDays: readonly string[] = [
  `update customers set plan = 'premium' where customer_id % 40 = 2`,
  `update customers set plan = 'premium' where customer_id % 25 = 4`,
  `insert into customers values (9000001, 'not-in-intercom-1', 'gone@example.com', 'premium')`,
  `update customers set plan = 'premium' where customer_id % 100 = 8`,
  `update customers set plan = 'free' where customer_id % 30 = 9`,
  `update customers set plan = 'premium' where customer_id % 10 = 6`,
]

export async function changeSampleWarehouse(file: string, sql: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  try {
    await connection.run(sql)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
