import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { productToken, startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'
import { choose, fillQuery, optionsOf, proceed, showPlan } from './wizard.ts'

const tables = `
  create table customers as select 'c' || i as intercom_id, 'user-' || i || '@example.com' as email, if(i <= 6, 'premium', 'free') as plan, i::double as score, true as active
  from range(1, 13) as each_one (i)`
const weak = 'canary-without-rights-5c11'

test('from an empty server to a tag on six contacts, in the words of the pages', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables,
    intercom: {
      contacts: Array.from({ length: 12 }, (_, at) => ({ id: `c${at + 1}` })),
      tags: ['Newsletter'],
      tokens: { [productToken]: { scopes: 'all' }, [weak]: { scopes: ['read_tags', 'read_users_companies'] } },
    },
  })
  const { world } = product.intercom
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  const { page, end } = await openPage(browser, product.url)
  const step = stepsOf(page)
  const drawer = page.getByRole('dialog')

  await t.test(
    'a first start says what to do',
    step(async () => {
      await page.goto('/')
      await page.getByText('No Activations yet').waitFor()
      await page.getByRole('link', { name: 'CREATE ACTIVATION' }).click()
      await page.getByText('No Warehouse yet').waitFor()
    }),
  )

  await t.test(
    'a Warehouse is added, tested first; a wrong path says so',
    step(async () => {
      await page.getByRole('button', { name: 'ADD WAREHOUSE' }).click()
      await drawer.getByRole('button', { name: 'DuckDB' }).click()
      await drawer.getByRole('textbox', { name: 'Warehouse Name' }).fill('shop')
      await drawer.getByRole('textbox', { name: 'Database file' }).fill('./nowhere.duckdb')
      await drawer.getByRole('button', { name: 'TEST & CONTINUE' }).click()
      await drawer.getByRole('alert').filter({ hasText: 'nowhere.duckdb' }).waitFor()
      await drawer.getByRole('textbox', { name: 'Database file' }).fill(join(product.dir, 'shop.duckdb'))
      await drawer.getByRole('button', { name: 'TEST & CONTINUE' }).click()
      await drawer.getByText('Connected').waitFor()
      await drawer.getByRole('button', { name: 'CONTINUE', exact: true }).click()
      await page.getByRole('heading', { name: 'Select a Target' }).waitFor()
    }),
  )

  await t.test(
    'a Target is added: a wrong token has words, a refused right is shown, and nothing typed is lost',
    step(async () => {
      await page.getByRole('button', { name: 'ADD TARGET' }).click()
      await drawer.getByRole('button', { name: 'Intercom' }).click()
      await drawer.getByRole('textbox', { name: 'Target Name' }).fill('support')
      await drawer.getByRole('textbox', { name: 'Access token' }).fill('not-a-token')
      await drawer.getByRole('textbox', { name: 'Base URL' }).fill(product.intercom.url)
      await drawer.getByRole('button', { name: 'TEST & CONTINUE' }).click()
      await drawer.getByRole('alert').filter({ hasText: /token/i }).waitFor()
      await drawer.getByRole('textbox', { name: 'Access token' }).fill(weak)
      await drawer.getByRole('button', { name: 'TEST & CONTINUE' }).click()
      const rights = drawer.getByRole('list', { name: 'Permissions' })
      assert.match(
        await rights
          .getByRole('listitem')
          .filter({ hasText: /^Read tags/ })
          .innerText(),
        /Granted/,
      )
      assert.match(
        await rights
          .getByRole('listitem')
          .filter({ hasText: /^Write tags/ })
          .innerText(),
        /Not granted/,
      )
      await drawer.getByRole('textbox', { name: 'Access token' }).fill(productToken)
      await drawer.getByRole('button', { name: 'TEST & CONTINUE' }).click()
      await drawer.getByRole('button', { name: 'CONTINUE', exact: true }).waitFor()
      assert.deepEqual(await rights.getByText('Refused').count(), 0)
      await drawer.getByRole('button', { name: 'CONTINUE', exact: true }).click()
      await page.getByRole('heading', { name: 'Select the Data to be Synchronized' }).waitFor()
    }),
  )

  await t.test(
    'a query is validated, its mistake underlined and said; its rows are shown',
    step(async () => {
      await page
        .getByRole('region', { name: 'Tables and columns' })
        .getByRole('button', { name: 'customers', exact: true })
        .waitFor()
      await fillQuery(page, 'select nonsense from customers')
      await page.getByRole('button', { name: 'VALIDATE' }).click()
      await page.getByRole('alert').filter({ hasText: 'nonsense' }).waitFor()
      await fillQuery(page, "select intercom_id, email, plan, score, active from customers where plan = 'premium'")
      await page.getByRole('button', { name: 'PREVIEW' }).click()
      await page.getByRole('table', { name: 'Preview' }).getByRole('cell', { name: 'user-6@example.com' }).waitFor()
      await choose(page, 'Target Object', 'contact_tag')
      await proceed(page)
    }),
  )

  await t.test(
    'Field Mapping keeps the object, offers only what is valid, and makes a tag',
    step(async () => {
      const object = page.getByRole('combobox', { name: 'Select the Target Object' })
      await object.waitFor()
      assert.equal(await object.inputValue(), 'contact_tag')
      const behaviors = page.getByRole('radiogroup', { name: 'Select the Sync Behavior' })
      await behaviors.getByRole('radio').first().waitFor()
      assert.deepEqual(
        await behaviors
          .getByRole('radio')
          .evaluateAll((all) => all.map((each) => (each as unknown as { value: string }).value)),
        ['attach', 'detach', 'mirror'],
      )
      await behaviors.getByRole('radio', { name: 'Attach Tag to Records' }).check()
      const tag = page.getByRole('combobox', { name: 'Tag', exact: true })
      await tag.fill('Premium Customers')
      await page.getByRole('option', { name: 'Create the tag “Premium Customers”' }).click()
      assert.equal(await page.getByRole('combobox', { name: 'Target Field' }).inputValue(), 'id')
      const column = page.getByRole('combobox', { name: 'Query Field' })
      assert.deepEqual(await optionsOf(page, column), ['intercom_id', 'email', 'plan'])
      await choose(page, 'Query Field', 'intercom_id')
      await page.getByRole('textbox', { name: 'Activation Name' }).fill('premium-customers')
    }),
  )

  await t.test(
    'nothing typed is lost on back and reload',
    step(async () => {
      await page.getByRole('main').getByRole('button', { name: 'Back', exact: true }).click()
      await page.getByRole('heading', { name: 'Select the Data to be Synchronized' }).waitFor()
      await page.goBack()
      await page.getByRole('heading', { name: 'Field Mapping' }).waitFor()
      await page.reload()
      assert.equal(await page.getByRole('textbox', { name: 'Activation Name' }).inputValue(), 'premium-customers')
      assert.equal(await page.getByRole('combobox', { name: 'Query Field' }).inputValue(), 'intercom_id')
      assert.equal(await page.getByRole('combobox', { name: 'Tag', exact: true }).inputValue(), 'Premium Customers')
    }),
  )

  await t.test(
    'the plan says what would be written, before anything is',
    step(async () => {
      const main = await showPlan(page)
      await main.getByText('“Premium Customers” does not exist yet').waitFor()
      assert.equal(await main.getByRole('table', { name: 'Sample of the plan' }).getByRole('row').count(), 7)
      assert.deepEqual(
        world.summary().tags.map(({ name }) => name),
        ['Newsletter'],
      )
      assert.equal(
        product.intercom.requests
          .latest()
          .filter(({ method, path }) => method === 'POST' && path.startsWith('/contacts/c')).length,
        0,
      )
    }),
  )

  await t.test(
    'CREATE ACTIVATION makes it, and its first Run attaches the tag',
    step(async () => {
      await page.getByRole('button', { name: 'CREATE ACTIVATION' }).click()
      await page.getByRole('heading', { name: 'premium-customers', level: 1 }).waitFor()
      await page.getByText('Active', { exact: true }).waitFor()
      assert.deepEqual(world.members('Premium Customers', 'contact').toSorted(), ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'])
      await page.getByRole('link', { name: 'Activations', exact: true }).first().click()
      await page.getByRole('table', { name: 'Activations' }).getByRole('link', { name: 'premium-customers' }).waitFor()
    }),
  )

  await end()
})
