import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { productToken, startProduct } from '../../src/testing/harness/product.ts'
import { stepsOf } from './steps-of.ts'

const config = {
  warehouse: 'shop',
  query: 'select contact_id from contacts',
  target: 'support',
  object: 'contact_tag',
  behavior: 'attach',
  tags: ['VIP'],
  delivery: 'single',
  identifier: { field: 'id', column: 'contact_id' },
  limits: { failures: 'off' },
}

test('of a failed Record one sees what was asked and answered, or that it is not kept', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startProduct({
    tables: `create table contacts as select 'gone-' || i as contact_id from range(1, 8) as each_one (i)`,
    intercom: { tags: ['VIP'] },
  })
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  product.intercom.faults.add({
    method: 'POST',
    path: '/contacts/*/tags',
    effect: {
      type: 'status',
      status: 404,
      body: { errors: [{ code: 'not_found', message: 'User Not Found' }], number: 1, seen: `Bearer ${productToken}` },
    },
  })
  await product.connect()
  await product.api('POST', '/api/activations', { name: 'vip', config, run: true })
  const { page, end } = await openPage(browser, product.url)
  const step = stepsOf(page)

  await t.test(
    'among the failed Records',
    step(async () => {
      await page.goto('/activations/vip')
      await page.getByText('Needs attention', { exact: true }).waitFor()
      await page.goto('/activations/vip/failed-records')
      const row = page.getByRole('list', { name: 'Examples' }).getByRole('listitem').filter({ hasText: 'gone-1' })
      await row.getByText('Request and answer', { exact: true }).click()
      await row.getByText('POST /contacts/gone-1/tags').waitFor()
      await row.getByText('Answered 404').waitFor()
      assert.match(
        (await row.getByRole('region', { name: 'The request' }).textContent()) ?? '',
        /^\{\n {2}"id": "\d+"\n\}$/,
      )
      const answer = (await row.getByRole('region', { name: 'The answer' }).textContent()) ?? ''
      assert.match(answer, /\n {6}"message": "User Not Found"/)
      assert.match(answer, /"seen": "Bearer \[redacted\]"/)
      assert.ok(!(await page.content()).includes(productToken))
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('details[open]').analyze()
      assert.deepEqual(
        violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
        [],
      )
    }),
  )

  await t.test(
    "in a Record's story, and in words where none is kept",
    step(async () => {
      await page.goto('/activations/vip/record?identifier=gone-2')
      const story = page.getByRole('list', { name: 'What happened, newest first' })
      await story.getByText('Request and answer', { exact: true }).click()
      await story.getByText('POST /contacts/gone-2/tags').waitFor()
      await page.goto('/activations/vip/record?identifier=gone-7')
      await story.getByText('Request and answer', { exact: true }).click()
      await story
        .getByText(
          'No request is kept for this record. A Run keeps only the requests of the first 5 records of each reason',
        )
        .waitFor()
    }),
  )

  await end()
})
