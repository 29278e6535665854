import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator } from 'playwright-core'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'

const tables =
  "create table customers as select 'c' || i as intercom_id, 'user-' || i as name from range(1, 4) as each_one (i)"
/** Whether the focused element or one of its containers, such as an editor's frame, has an outline. */
const isOutlined = `(() => {
  for (let at = document.activeElement; at !== null && at !== document.body; at = at.parentElement) {
    const { outlineStyle, outlineWidth } = getComputedStyle(at)
    if (outlineStyle !== 'none' && outlineWidth !== '0px') return true
  }
  return false
})()`
/** Any element of a page is reachable with this many presses of Tab. */
const farthest = 80

test('an Activation is created without a mouse', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables,
    intercom: { contacts: ['c1', 'c2', 'c3'].map((id) => ({ id })), tags: ['Billing', 'VIP'] },
  })
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  await product.connect()
  const { page, end } = await openPage(browser, product.url)
  const step = stepsOf(page)
  const { keyboard } = page
  const has = async (state: string, wanted: Locator): Promise<boolean> =>
    (await wanted.and(page.locator(state)).count()) > 0
  const tabTo = async (wanted: Locator): Promise<void> => {
    await wanted.waitFor()
    for (let presses = 0; presses < farthest; presses += 1) {
      if (await has(':focus', wanted))
        return assert.ok(await page.evaluate(isOutlined), `it is not seen that the focus is on ${wanted}`)
      await keyboard.press('Tab')
    }
    assert.fail(`Tab does not lead to ${wanted}`)
  }
  const press = async (name: string): Promise<void> => {
    await tabTo(page.getByRole('main').getByRole('button', { name, exact: true }))
    await keyboard.press('Enter')
  }
  const select = async (label: string, option: string): Promise<void> => {
    await tabTo(page.getByRole('combobox', { name: label, exact: true }))
    await keyboard.press('ArrowDown')
    const wanted = page.getByRole('option', { name: option }).filter({ visible: true })
    await wanted.waitFor()
    for (let presses = 0; presses < farthest && !(await has('[data-combobox-selected]', wanted)); presses += 1)
      await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
  }
  const check = async (name: string): Promise<void> => {
    await tabTo(page.getByRole('radio', { name }))
    await keyboard.press('Space')
  }

  await t.test(
    'the first Tab leads past the menu',
    step(async () => {
      await page.goto('/activations')
      await page.getByRole('link', { name: 'CREATE ACTIVATION' }).waitFor()
      await tabTo(page.getByRole('link', { name: 'Skip to the content' }))
      await keyboard.press('Enter')
      await tabTo(page.getByRole('link', { name: 'CREATE ACTIVATION' }))
      await keyboard.press('Enter')
    }),
  )

  await t.test(
    'Warehouse and Target',
    step(async () => {
      for (const name of ['shop', 'support']) {
        await tabTo(page.getByRole('radio', { name }))
        await keyboard.press('Space')
        await press('CONTINUE')
      }
    }),
  )

  await t.test(
    'the query: Tab leaves the editor',
    step(async () => {
      const query = page.getByRole('textbox', { name: 'SQL Query' })
      await tabTo(query)
      await keyboard.insertText('select intercom_id, name from customers')
      await keyboard.press('Escape')
      await press('VALIDATE')
      await page.getByText(/^Valid: /).waitFor()
      await press('CONTINUE')
    }),
  )

  await t.test(
    'object, behaviour, tag, identifier and name',
    step(async () => {
      await select('Select the Target Object', 'conversation_tag')
      await select('Select the Target Object', 'contact_tag')
      await check('Attach Tag to Records')
      await select('Tag', 'VIP')
      await select('Query Field', 'intercom_id')
      await tabTo(page.getByRole('textbox', { name: 'Activation Name' }))
      await keyboard.type('by-keyboard')
      await press('SHOW THE PLAN')
      await page.getByText('To attach').waitFor()
    }),
  )

  await t.test(
    'CREATE ACTIVATION',
    step(async () => {
      await press('CREATE ACTIVATION')
      await page.getByText('Active', { exact: true }).waitFor()
      assert.deepEqual(product.intercom.world.members('VIP', 'contact').toSorted(), ['c1', 'c2', 'c3'])
    }),
  )

  await end()
})
