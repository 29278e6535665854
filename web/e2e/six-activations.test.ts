import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'
import {
  choose,
  createActivation,
  mapFields,
  optionsOf,
  proceed,
  searchAndChoose,
  selectConnections,
  showPlan,
  writeQuery,
} from './wizard.ts'

const attach = 'Attach Tag to Records'
const detach = 'Detach Tag(s) from Records'
const tables = `
  create table customers as select 'c' || i as intercom_id, i <= 3 as premium, i > 3 as gone, now() as seen_at from range(1, 7) as each_one (i);
  create table companies as select 'company-' || i as company_id, 'intercom-company-' || i as intercom_id, i <= 2 as big from range(1, 5) as each_one (i);
  create table conversations as select i as intercom_id, i between 100 and 102 as settled, i * 1.5 as weight from range(98, 105) as each_one (i)`

test('the six Activations of tags: three objects, attached and detached', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables,
    intercom: {
      contacts: [1, 2, 3, 4, 5, 6].map((i) => ({ id: `c${i}`, tags: i > 4 ? ['Trial', 'Newsletter'] : ['Trial'] })),
      companies: [1, 2, 3, 4].map((i) => ({
        company_id: `company-${i}`,
        id: `intercom-company-${i}`,
        tags: ['Prospect'],
      })),
      conversations: [98, 99, 100, 101, 102, 103, 104].map((i) => ({
        id: String(i),
        tags: i === 101 || i > 102 ? ['Paid Customer'] : ['Paid Customer', 'Region-EU'],
      })),
      tags: ['VIP', 'Key Account', 'Billing'],
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
  const ran = async (): Promise<void> => await page.getByText('Active', { exact: true }).waitFor()
  const radios = async (): Promise<string[]> =>
    await page
      .getByRole('radiogroup', { name: 'Select the Sync Behavior' })
      .getByRole('radio')
      .evaluateAll((all) => all.map((each) => (each as unknown as { value: string }).value))

  await t.test(
    'contact_tag, attached: one tag only',
    step(async () => {
      await selectConnections(page)
      await writeQuery(page, 'select * from customers where premium')
      await proceed(page)
      assert.deepEqual(await radios(), [], 'no behaviour before there is an object')
      await mapFields(page, {
        name: 'vip-contacts',
        query: '',
        object: 'contact_tag',
        behavior: attach,
        tags: ['Billing'],
        column: 'intercom_id',
      })
      await searchAndChoose(page, 'Tag', 'VIP')
      assert.deepEqual(
        await optionsOf(page, page.getByRole('combobox', { name: 'Query Field' })),
        ['intercom_id'],
        'neither what is true or false, nor a time, names a contact',
      )
      const main = await showPlan(page)
      await main.getByText('To attach').waitFor()
      await page.getByRole('button', { name: 'CREATE ACTIVATION' }).click()
      await ran()
      assert.deepEqual(world.members('VIP', 'contact').toSorted(), ['c1', 'c2', 'c3'])
      assert.deepEqual(world.members('Billing', 'contact'), [])
    }),
  )

  await t.test(
    'contact_tag, detached: several tags',
    step(async () => {
      await createActivation(page, {
        name: 'gone-contacts',
        query: 'select intercom_id from customers where gone',
        object: 'contact_tag',
        behavior: detach,
        tags: ['Trial', 'Newsletter'],
        column: 'intercom_id',
      })
      await ran()
      assert.deepEqual(world.members('Trial', 'contact').toSorted(), ['c1', 'c2', 'c3'])
      assert.deepEqual(world.members('Newsletter', 'contact'), [])
    }),
  )

  await t.test(
    'company_tag, attached by company_id; a name that is taken is said at once',
    step(async () => {
      await selectConnections(page)
      await writeQuery(page, 'select * from companies where big')
      await proceed(page)
      await mapFields(page, {
        name: 'gone-contacts',
        query: '',
        object: 'company_tag',
        behavior: attach,
        tags: ['Key Account'],
        field: 'company_id',
        column: 'company_id',
      })
      await page.getByText('An Activation with this name already exists.').waitFor()
      assert.ok(await page.getByRole('button', { name: 'SHOW THE PLAN' }).isDisabled())
      await page.getByRole('textbox', { name: 'Activation Name' }).fill('key-accounts')
      await showPlan(page)
      await page.getByRole('button', { name: 'CREATE ACTIVATION' }).click()
      await ran()
      assert.deepEqual(world.members('Key Account', 'company').toSorted(), ['intercom-company-1', 'intercom-company-2'])
    }),
  )

  await t.test(
    'company_tag, detached by id',
    step(async () => {
      await createActivation(page, {
        name: 'no-prospects',
        query: 'select intercom_id, company_id from companies where big',
        object: 'company_tag',
        behavior: detach,
        tags: ['Prospect'],
        field: 'id',
        column: 'intercom_id',
      })
      await ran()
      assert.deepEqual(world.members('Prospect', 'company').toSorted(), ['intercom-company-3', 'intercom-company-4'])
    }),
  )

  await t.test(
    'conversation_tag, attached',
    step(async () => {
      await createActivation(page, {
        name: 'billing',
        query: 'select intercom_id from conversations where not settled',
        object: 'conversation_tag',
        behavior: attach,
        tags: ['Billing'],
        column: 'intercom_id',
      })
      await ran()
      assert.deepEqual(world.members('Billing', 'conversation').toSorted(), ['103', '104', '98', '99'])
    }),
  )

  await t.test(
    'conversation_tag, detached: what each of 100, 101 and 102 has of the two tags',
    step(async () => {
      await selectConnections(page)
      await writeQuery(page, 'select * from conversations where settled')
      await proceed(page)
      await choose(page, 'Select the Target Object', 'contact_tag')
      await page
        .getByRole('radiogroup', { name: 'Select the Sync Behavior' })
        .getByRole('radio', { name: detach })
        .check()
      await mapFields(page, {
        name: 'settled',
        query: '',
        object: 'conversation_tag',
        behavior: detach,
        tags: ['Paid Customer', 'Region-EU'],
        column: 'intercom_id',
      })
      assert.deepEqual(await optionsOf(page, page.getByRole('combobox', { name: 'Query Field' })), ['intercom_id'])
      await showPlan(page)
      await page.getByRole('button', { name: 'CREATE ACTIVATION' }).click()
      await ran()
      assert.deepEqual(
        ['100', '101', '102'].map((id) => world.tagsOn('conversation', id)),
        [[], [], []],
      )
      assert.deepEqual(world.members('Paid Customer', 'conversation').toSorted(), ['103', '104', '98', '99'])
    }),
  )

  await t.test(
    'all six stand in the list',
    step(async () => {
      await page.goto('/activations')
      const links = page.getByRole('table', { name: 'Activations' }).getByRole('rowheader').getByRole('link')
      await links.nth(5).waitFor()
      const names = await links.allTextContents()
      assert.deepEqual(names, ['billing', 'gone-contacts', 'key-accounts', 'no-prospects', 'settled', 'vip-contacts'])
    }),
  )

  await end()
})
