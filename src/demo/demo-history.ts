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
