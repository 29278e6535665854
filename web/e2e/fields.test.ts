import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'
import { choose, optionsOf, proceed, selectConnections, showPlan, writeQuery } from './wizard.ts'

const tables = `
  create table customers as select 'user-' || i as external_id, 'user-' || i || '@example.com' as email, 'Person ' || i as name, i * 10 as seats, i > 2 as paid_subscriber, [1, 2] as ignored from range(1, 5) as each_one (i)`

test('an Activation that writes fields of contacts, created and updated', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables,
    intercom: {
      contacts: [1, 2].map((i) => ({
        id: `c${i}`,
        external_id: `user-${i}`,
        email: `user-${i}@example.com`,
        name: `Old ${i}`,
      })),
    },
  })
  const { world } = product.intercom
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  await product.connect()
  const { page, end } = await openPage(browser, product.url)
  const step = stepsOf(page)

  await t.test(
    'whole contacts offer other behaviours, and no tags',
    step(async () => {
      await selectConnections(page)
      await writeQuery(page, 'select * from customers')
      await proceed(page)
      await choose(page, 'Select the Target Object', 'contact')
      const behaviors = page.getByRole('radiogroup', { name: 'Select the Sync Behavior' })
      await behaviors.getByRole('radio', { name: 'Insert New and Update Existing Records' }).check()
      assert.equal(await behaviors.getByRole('radio', { name: 'Attach Tag to Records' }).count(), 0)
      assert.equal(await page.getByRole('combobox', { name: 'Tag', exact: true }).count(), 0)
      await choose(page, 'Target Field', 'external_id')
      await choose(page, 'Query Field', 'external_id')
    }),
  )

  await t.test(
    'fields are mapped by name, each fed by what fits alone',
    step(async () => {
      await page.getByRole('button', { name: /^MAP BY NAME/ }).click()
      const rows = page.getByRole('group', { name: 'Map the query fields to the Target fields' })
      const email = rows.getByRole('combobox', { name: 'Query Field for Email' })
      assert.equal(await email.inputValue(), 'email')
      const seats = rows.getByRole('combobox', { name: /^Query Field for seats/i })
      assert.equal(await seats.inputValue(), 'seats')
      assert.ok(!(await optionsOf(page, seats)).includes('paid_subscriber'), 'what is true or false is no number')
      await page.getByText('Not used, so neither read nor sent: ignored').waitFor()
      await page.getByRole('textbox', { name: 'Activation Name' }).fill('contacts')
    }),
  )

  await t.test(
    'the plan shows each value before and after',
    step(async () => {
      const main = await showPlan(page)
      const sample = main.getByRole('table', { name: 'Sample of the plan' })
      await sample.getByText('Person 1').waitFor()
      await sample.getByText('Old 1').waitFor()
      assert.equal(world.contacts({ external_id: 'user-3' }).length, 0)
    }),
  )

  await t.test(
    'its Run updates two and creates two',
    step(async () => {
      await page.getByRole('button', { name: 'CREATE ACTIVATION' }).click()
      await page.getByText('Active', { exact: true }).waitFor()
      const seen = [1, 2, 3, 4].map((i) =>
        world
          .contacts({ external_id: `user-${i}` })
          .map(({ name, custom_attributes: { seats, paid_subscriber: paid } }) => ({ name, seats, paid })),
      )
      assert.deepEqual(
        seen,
        [1, 2, 3, 4].map((i) => [{ name: `Person ${i}`, seats: i * 10, paid: i > 2 }]),
      )
    }),
  )

  await t.test(
    'a Record shows what it was, and what it became',
    step(async () => {
      await page.getByRole('tab', { name: 'Record', exact: true }).click()
      await page.getByRole('textbox').or(page.getByRole('searchbox')).first().fill('user-1')
      await page.keyboard.press('Enter')
      await page.getByText('Old 1').waitFor()
    }),
  )

  await end()
})
