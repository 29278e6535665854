import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { productToken, startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'
import { fillQuery } from './wizard.ts'

const all = Array.from({ length: 70 }, (_, at) => `c${at + 1}`)
const table = (count: number): string =>
  `create or replace table customers as select 'c' || i as intercom_id from range(1, ${count + 1}) as each_one (i)`
const config = {
  warehouse: 'shop',
  query: 'select intercom_id from customers',
  target: 'support',
  object: 'contact_tag',
  behavior: 'attach',
  tags: ['VIP'],
  identifier: { field: 'id', column: 'intercom_id' },
}

test('trouble is told where people look, and two who edit see each other', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables: table(30),
    intercom: { contacts: all.map((id) => ({ id })), tags: ['VIP'] },
  })
  const { world } = product.intercom
  const file = join(product.dir, 'shop.duckdb')
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  await product.connect()
  await product.api('POST', '/api/activations', { name: 'vip', config, run: true })
  const { page, foresee, end } = await openPage(browser, product.url)
  const step = stepsOf(page)

  await t.test(
    'a Run that would add more than half is blocked before its first write, and overridden once',
    step(async () => {
      await page.goto('/activations/vip')
      await page.getByText('Active', { exact: true }).waitFor()
      await product.sql(table(70))
      await page.getByRole('button', { name: 'Run now' }).click()
      await page.getByText('Needs attention', { exact: true }).waitFor()
      await page
        .getByRole('alert')
        .filter({ hasText: /40 records would be added.*50\s?%/ })
        .waitFor()
      assert.equal(world.members('VIP', 'contact').length, 30)
      await page.getByRole('link', { name: /^See Run \d+$/ }).click()
      const plan = page.getByRole('region', { name: 'Plan' })
      await plan.getByText('The Run would have made 40 writes').waitFor()
      const would = plan
        .getByRole('group')
        .filter({ hasText: 'Attach the tag to 40 contacts, which are new in the query' })
      assert.deepEqual(await would.getByRole('row').allTextContents(), [
        'RecordTags',
        'c31“VIP”',
        'c32“VIP”',
        'c33“VIP”',
      ])
      // The advice refers to the UI's own buttons, not to command line options.
      const advice =
        (await page.getByRole('alert').filter({ hasText: 'A guardrail blocked this Run' }).textContent()) ?? ''
      assert.match(advice, /Override and run once…/)
      assert.doesNotMatch(advice, /--allow/)
      await page.goBack()
      await page.getByRole('button', { name: 'Override and run once…' }).click()
      await page
        .getByRole('dialog', { name: 'Override the guardrail for one Run?' })
        .getByRole('button', { name: 'Override and run once' })
        .click()
      await page.getByText('Active', { exact: true }).waitFor()
      assert.equal(world.members('VIP', 'contact').length, 70)
      await page.getByRole('tab', { name: 'Sync History' }).click()
      await page
        .getByRole('link', { name: /^Run \d+$|^\d+$/ })
        .first()
        .click()
      await plan.getByText('A person overrode a guardrail: how many records it may add').waitFor()
      assert.doesNotMatch((await page.getByRole('main').textContent()) ?? '', /--allow/)
    }),
  )

  await t.test(
    'two people edit: the second sees what the first has saved, and puts the own change on top',
    step(async () => {
      const second = await openPage(browser, product.url)
      second.foresee(/^412 PUT \/api\/activations\/vip$/, /\/api\/events/)
      // Block the event stream, as on a bad connection: only the answer to SAVE can report the conflict.
      await second.page.route('**/api/events', (route) => route.abort())
      const edit = async (at: typeof page, query: string): Promise<void> => {
        await at.goto('/activations/vip/configuration')
        await at.getByRole('button', { name: 'SQL QUERY' }).click()
        await fillQuery(at, query)
      }
      await edit(second.page, 'select intercom_id from customers where true')
      await edit(page, 'select distinct intercom_id from customers')
      const save = async (at: typeof page): Promise<void> =>
        await at.getByRole('dialog').getByRole('button', { name: 'SAVE', exact: true }).click()
      const seeEffect = async (at: typeof page): Promise<void> => {
        await at.getByRole('dialog').getByRole('button', { name: 'SEE THE EFFECT' }).click()
        await at.getByRole('region', { name: 'The effect' }).waitFor()
      }
      await seeEffect(page)
      await seeEffect(second.page)
      await save(page)
      await page.getByText('vip is saved').waitFor()
      await save(second.page)
      const word = second.page.getByRole('alert').filter({ hasText: 'Another user changed this meanwhile' })
      await word.getByText('select distinct intercom_id from customers').waitFor()
      await word.getByRole('button', { name: 'Keep my changes on top' }).click()
      await save(second.page)
      await second.page.getByText('vip is saved').waitFor()
      assert.equal(
        (await product.api('GET', '/api/activations/vip')).config.query,
        'select intercom_id from customers where true',
      )
      await second.end()
      await page.getByText('select intercom_id from customers where true').waitFor()
    }),
  )

  await t.test(
    'a Warehouse that is gone is told on the Activation, on its own page, and where a query is written',
    step(async () => {
      await rename(file, `${file}.away`)
      foresee(/^4\d\d POST \/api\/plans/, /\/api\/warehouses\/shop\/(schema|preview)$/)
      await page.goto('/activations/vip')
      await page.getByRole('button', { name: 'Run now' }).click()
      await page.getByText('Failing', { exact: true }).waitFor()
      await page.getByRole('alert').filter({ hasText: 'shop.duckdb' }).first().waitFor()
      await page.goto('/warehouses')
      await page.getByRole('table', { name: 'Warehouses' }).getByText('shop.duckdb').waitFor()
      await page.goto('/warehouses/shop')
      await page.getByRole('alert').filter({ hasText: 'shop.duckdb' }).first().waitFor()
      await page.goto('/create-activation')
      await page.getByRole('radio', { name: 'shop' }).click()
      await page.getByRole('main').getByRole('button', { name: 'CONTINUE', exact: true }).click()
      await page.getByRole('radio', { name: 'support' }).click()
      await page.getByRole('main').getByRole('button', { name: 'CONTINUE', exact: true }).click()
      await page.getByRole('region', { name: 'Tables and columns' }).getByText('shop.duckdb').waitFor()
    }),
  )

  await t.test(
    'while no plan can be made, an edit is saved only by who says so',
    step(async () => {
      await page.goto('/activations/vip/configuration')
      await page.getByRole('button', { name: 'SQL QUERY' }).click()
      const dialog = page.getByRole('dialog', { name: 'SQL QUERY' })
      await fillQuery(page, 'select intercom_id from customers where 1 = 1')
      await dialog.getByRole('button', { name: 'SEE THE EFFECT' }).click()
      await dialog.getByText('The effect cannot be shown now').waitFor()
      assert.ok(await dialog.getByRole('button', { name: 'SAVE', exact: true }).isDisabled())
      await dialog.getByRole('button', { name: 'Save without seeing the effect' }).click()
      await page.getByText('vip is saved').waitFor()
      assert.equal(
        (await product.api('GET', '/api/activations/vip')).config.query,
        'select intercom_id from customers where 1 = 1',
      )
      await rename(`${file}.away`, file)
    }),
  )

  await t.test(
    'a Target whose token was revoked is told on the Activation, on its own page, and instead of its tags',
    step(async () => {
      product.intercom.revokeToken(productToken)
      foresee(/\/api\/targets\/support\/objects\/contact_tag\/members$/, /\/api\/drafts\/mapping$/)
      await product.sql("insert into customers values ('c-new')")
      await page.goto('/activations/vip')
      await page.getByRole('button', { name: 'Run now' }).click()
      await page.getByRole('alert').filter({ hasText: /token/i }).first().waitFor()
      await page.goto('/targets/support')
      await page.getByText('Not reachable', { exact: true }).waitFor()
      await page.getByRole('alert').filter({ hasText: /token/i }).first().waitFor()
      await page.goto('/create-activation?from=vip&step=mapping')
      await page.getByRole('alert').filter({ hasText: /token/i }).first().waitFor()
    }),
  )

  await t.test(
    'after TEST & SAVE with a token that holds, all is well again',
    step(async () => {
      product.intercom.restoreToken(productToken)
      await page.goto('/targets/support')
      await page.getByRole('button', { name: 'TEST & SAVE' }).click()
      await page.getByText('support is saved.').waitFor()
      await page.getByText('Connected', { exact: true }).first().waitFor()
    }),
  )

  await end()
})
