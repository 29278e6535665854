import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'
import { choose, fillQuery, proceed, showPlan, writeQuery } from './wizard.ts'

const known = [1, 2, 3, 4, 5, 6]
const tables = `
  create table companies as select 'company-' || i as company_id, if(i in (1, 2, 3, 8, 9), 100, 50) as revenue from range(1, 10) as each_one (i) where i <> 7`
const config = {
  warehouse: 'shop',
  query: 'select company_id from companies where revenue >= 100',
  target: 'support',
  object: 'company_tag',
  behavior: 'attach',
  tags: ['Key Account'],
  identifier: { field: 'company_id', column: 'company_id' },
}

test('after a Run: what failed and why, tried again, another query, and the Run taken back', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables,
    intercom: {
      companies: known.map((i) => ({
        company_id: `company-${i}`,
        id: `ic-${i}`,
        tags: i === 6 ? ['Key Account'] : [],
      })),
      tags: ['Key Account'],
    },
  })
  const { world } = product.intercom
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  await product.connect()
  await product.api('POST', '/api/activations', { name: 'key-accounts', config, run: true })
  const { page, end } = await openPage(browser, product.url)
  const step = stepsOf(page)
  const tagged = (): string[] => world.members('Key Account', 'company').toSorted()

  await t.test(
    'failed Records are grouped by reason, with what to do',
    step(async () => {
      await page.goto('/activations/key-accounts')
      await page.getByText('Needs attention', { exact: true }).waitFor()
      assert.deepEqual(tagged(), ['ic-1', 'ic-2', 'ic-3', 'ic-6'])
      await page.getByRole('tab', { name: /Failed Records/ }).click()
      const group = page
        .getByRole('region', { name: 'Records not Loaded' })
        .getByRole('article', { name: 'Not found in the Target: 2 records' })
      await group.getByText('What to do:').waitFor()
      await group.getByRole('link', { name: 'company-8' }).waitFor()
      const list = page.getByRole('table', { name: 'Failed records of key-accounts' })
      await list.getByRole('rowheader').first().waitFor()
      assert.deepEqual((await list.getByRole('rowheader').allTextContents()).toSorted(), ['company-8', 'company-9'])
    }),
  )

  await t.test(
    'one that has been put right is loaded when it is tried again',
    step(async () => {
      world.createCompany({ company_id: 'company-8', name: 'Eight' })
      await page.getByRole('button', { name: 'Retry all: 2 records' }).click()
      await page.getByText('2 records will be tried again').waitFor()
      await page.getByRole('article', { name: 'Not found in the Target: 1 record' }).waitFor()
      assert.equal(tagged().length, 5)
      await page.getByRole('region', { name: 'Records not Loaded' }).getByRole('link', { name: 'company-9' }).waitFor()
    }),
  )

  await t.test(
    'a Record tells its story',
    step(async () => {
      await page
        .getByRole('region', { name: 'Records not Loaded' })
        .getByRole('link', { name: 'company-9' })
        .first()
        .click()
      await page.getByRole('tab', { name: 'Record', exact: true, selected: true }).waitFor()
      await page
        .getByText(/company-9/)
        .first()
        .waitFor()
    }),
  )

  await t.test(
    'the SQL QUERY dialog shows the effect of another query as a plan, then saves it',
    step(async () => {
      await page.getByRole('tab', { name: 'Configuration' }).click()
      await page.getByRole('button', { name: 'SQL QUERY' }).click()
      const dialog = page.getByRole('dialog', { name: 'SQL QUERY' })
      await fillQuery(page, 'select company_id from companies where revenue >= nothing')
      await dialog.getByRole('button', { name: 'VALIDATE' }).click()
      await dialog.getByRole('alert').filter({ hasText: 'nothing' }).waitFor()
      await fillQuery(page, "select company_id from companies where revenue >= 50 and company_id <> 'company-9'")
      const save = dialog.getByRole('button', { name: 'SAVE', exact: true })
      await dialog.getByText('See the effect first, then save.').waitFor()
      assert.ok(await save.isDisabled(), 'what was not seen is not saved')
      await dialog.getByRole('button', { name: 'SEE THE EFFECT' }).click()
      const effect = dialog.getByRole('region', { name: 'The effect' })
      await effect.getByText('To attach').waitFor()
      const sample = effect.getByRole('table', { name: 'Sample of the plan' })
      await sample.getByRole('rowheader', { name: 'company-4' }).waitFor()
      await sample.getByRole('rowheader', { name: 'company-5' }).waitFor()
      assert.equal(tagged().length, 5, 'a plan writes nothing')
      await fillQuery(page, 'select company_id from companies')
      await dialog.getByText('See the effect first, then save.').waitFor()
      assert.ok(await save.isDisabled(), 'the effect of another query says nothing of this one')
      await fillQuery(page, "select company_id from companies where revenue >= 50 and company_id <> 'company-9'")
      await effect.getByText('To attach').waitFor()
      await save.click()
      await page.getByText('key-accounts is saved. The next Run uses the changes.').waitFor()
    }),
  )

  await t.test(
    'what is fixed after the first Run says why, and leads to a clone',
    step(async () => {
      await page.getByText('fixed').first().waitFor()
      await page.getByRole('link', { name: 'Clone with changes' }).first().waitFor()
    }),
  )

  await t.test(
    'its plan is seen, and exactly this is run, one Record first',
    step(async () => {
      await page.getByRole('button', { name: 'See the plan' }).click()
      const dialog = page.getByRole('dialog', { name: 'What a Run of key-accounts would do now' })
      await dialog
        .getByRole('table', { name: 'Sample of the plan' })
        .getByRole('rowheader', { name: 'company-5' })
        .waitFor()
      assert.equal(tagged().length, 5, 'a plan writes nothing')
      await dialog.getByRole('checkbox', { name: /^Write a few records first/ }).click()
      await dialog.getByRole('textbox', { name: 'How many' }).fill('1')
      await dialog.getByRole('button', { name: 'Run exactly this' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await page.getByText('Active', { exact: true }).waitFor()
      assert.deepEqual(
        tagged().filter((id) => id.startsWith('ic-')),
        ['ic-1', 'ic-2', 'ic-3', 'ic-4', 'ic-5', 'ic-6'],
      )
    }),
  )

  await t.test(
    'that Run is taken back, after its plan was seen',
    step(async () => {
      await page.getByRole('tab', { name: 'Sync History' }).click()
      const runs = page.getByRole('table', { name: /Runs of key-accounts|Sync History/ })
      await runs.getByRole('rowheader').first().getByRole('link').click()
      await page
        .getByRole('table', { name: /Records/ })
        .getByRole('rowheader', { name: /company-4/ })
        .waitFor()
      await page.getByRole('button', { name: 'Undo…' }).click()
      const dialog = page.getByRole('dialog', { name: /^Undo Run \d+$/ })
      await dialog.getByText('would make 2 writes').waitFor()
      assert.equal(tagged().length, 7)
      await dialog.getByRole('button', { name: /^Undo Run \d+$/ }).click()
      await page.getByText('· undoes').waitFor()
      await page.getByText('Completed', { exact: true }).waitFor()
      assert.deepEqual(
        tagged().filter((id) => id.startsWith('ic-')),
        ['ic-1', 'ic-2', 'ic-3', 'ic-6'],
      )
    }),
  )

  await t.test(
    'its identifier changes by a new Activation that takes its place',
    step(async () => {
      await page.goto('/activations/key-accounts/configuration')
      await page.getByRole('link', { name: 'Clone with changes' }).first().click()
      for (const title of ['Select Warehouse', 'Select a Target']) {
        await page.getByRole('heading', { name: title }).waitFor()
        await proceed(page)
      }
      await writeQuery(
        page,
        "select 'ic-' || substr(company_id, 9) as intercom_id from companies where company_id in ('company-1', 'company-2')",
      )
      await proceed(page)
      await page.getByRole('checkbox', { name: 'Replace key-accounts' }).check()
      await choose(page, 'Target Field', 'id')
      await choose(page, 'Query Field', 'intercom_id')
      await page.getByRole('textbox', { name: 'Activation Name' }).fill('key-accounts-by-id')
      await showPlan(page)
      await page.getByRole('button', { name: 'CREATE ACTIVATION' }).click()
      await page.getByRole('heading', { name: 'key-accounts-by-id', level: 1 }).waitFor()
      await page.getByText('Active', { exact: true }).waitFor()
      await page.goto('/activations/key-accounts')
      await page.getByText('"key-accounts-by-id" took over the state of "key-accounts"').first().waitFor()
    }),
  )

  await end()
})
