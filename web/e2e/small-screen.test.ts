import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'
import { mapFields, proceed, selectConnections, showPlan, writeQuery } from './wizard.ts'

const tables =
  "create table customers as select 'c' || i as intercom_id, 'a-long-name-of-somebody-' || i as name from range(1, 5) as each_one (i)"

test('an Activation is created and watched on a screen of 390 px, in the dark', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables,
    intercom: { contacts: ['c1', 'c2', 'c3'].map((id) => ({ id })), tags: ['VIP'] },
  })
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  await product.connect()
  const { page, end } = await openPage(browser, product.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    colorScheme: 'dark',
  })
  const step = stepsOf(page)
  const fits = async (): Promise<void> =>
    assert.ok(
      await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'),
      'the page scrolls sideways',
    )

  await t.test(
    'each step of the wizard fits',
    step(async () => {
      await selectConnections(page)
      await writeQuery(page, 'select * from customers')
      await page.getByRole('button', { name: 'PREVIEW' }).tap()
      await page.getByRole('table', { name: 'Preview' }).waitFor()
      await fits()
      await proceed(page)
      await mapFields(page, {
        name: 'an-activation-with-quite-a-long-name-for-a-small-screen',
        query: '',
        object: 'contact_tag',
        behavior: 'Attach Tag to Records',
        tags: ['VIP'],
        column: 'intercom_id',
      })
      await fits()
      await showPlan(page)
      await fits()
      assert.equal(await page.evaluate('getComputedStyle(document.documentElement).colorScheme'), 'dark')
    }),
  )

  await t.test(
    'its page, its failed record and its Run fit',
    step(async () => {
      await page.getByRole('button', { name: 'CREATE ACTIVATION' }).tap()
      await page.getByText('Needs attention', { exact: true }).waitFor()
      assert.deepEqual(product.intercom.world.members('VIP', 'contact').toSorted(), ['c1', 'c2', 'c3'])
      await fits()
      await page.getByRole('tab', { name: /Failed Records/ }).tap()
      await page.getByRole('region', { name: 'Records not Loaded' }).getByRole('link', { name: 'c4' }).waitFor()
      await fits()
      await page.getByRole('tab', { name: 'Sync History' }).tap()
      await page.getByRole('link', { name: /^Run \d+$/ }).tap()
      await page.getByRole('table', { name: /^Records/ }).waitFor()
      await fits()
    }),
  )

  await t.test(
    'the menu opens, leads on, and closes',
    step(async () => {
      await page.getByRole('button', { name: 'Open the menu' }).tap()
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Targets' }).tap()
      await page.getByRole('heading', { name: 'Targets', level: 1 }).waitFor()
      await page.getByRole('button', { name: 'Open the menu' }).waitFor()
      await fits()
    }),
  )

  await end()
})
