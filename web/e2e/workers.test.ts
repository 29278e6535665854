import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'

const people = Array.from({ length: 40 }, (_, at) => `c${at + 1}`)
const config = {
  warehouse: 'shop',
  query: 'select intercom_id from customers',
  target: 'support',
  object: 'contact_tag',
  behavior: 'attach',
  tags: ['VIP'],
  identifier: { field: 'id', column: 'intercom_id' },
  delivery: 'single',
}

test('workers are listed, and an activation is taken from one', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables: `create table customers as select 'c' || i as intercom_id from range(1, 41) as each_one (i)`,
    intercom: { contacts: people.map((id) => ({ id })), tags: ['VIP'] },
  })
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  await product.connect()
  product.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 5000 } })
  await product.api('POST', '/api/activations', { name: 'vip', config, run: true })
  const { page, end } = await openPage(browser, product.url)
  const step = stepsOf(page)

  await t.test(
    'the server is listed with what it works on, and lets go of it when it is told to',
    step(async () => {
      await page.goto('/settings')
      const row = page.getByRole('table', { name: 'Workers' }).getByRole('row').filter({ hasText: 'Server' })
      await row.getByText(/vip \(Run \d+\)/).waitFor()
      await row.getByRole('button', { name: 'Free vip…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Free vip?' })
      await dialog.getByText(/its Run ends as interrupted/).waitFor()
      await dialog.getByRole('button', { name: 'Free', exact: true }).click()
      await page.getByText(/vip is free|No process holds vip/).waitFor()
      const first = async () => (await product.api('GET', '/api/runs?activation=vip')).items.at(-1)
      while ((await first()).finishedAt === null) await delay(50)
      assert.equal((await first()).status, 'interrupted')
      product.intercom.faults.clear()
      await page.goto('/activations/vip/sync-history')
      await page.getByText('Interrupted').first().waitFor()
    }),
  )
  await end()
})
