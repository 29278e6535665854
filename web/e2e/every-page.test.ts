import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { hasBrowser, launchChromium, openPage } from '../../src/testing/harness/browser.ts'
import { startWorkedIn } from './worked-in.ts'
import { mapFields, proceed, selectConnections, showPlan, writeQuery } from './wizard.ts'

const wide = { width: 1280, height: 900 }
const narrow = { width: 390, height: 844 }

interface Shown {
  readonly name: string
  /** Opens the page, from any other page. */
  readonly open: (page: Page) => Promise<void>
}

/** A path, with a text that appears when all data is loaded. */
const at = (path: string, text: string | RegExp): Shown => ({
  name: path,
  async open(page) {
    await page.goto(path)
    await page.getByRole('main').getByText(text).filter({ visible: true }).first().waitFor()
  },
})
const wizard = async (page: Page): Promise<void> => {
  await page.evaluate('localStorage.clear()')
  await selectConnections(page)
  await writeQuery(page, 'select intercom_id, plan from customers')
}

const places: readonly Shown[] = [
  at('/activations', 'contact-fields'),
  at('/activations/premium-customers', 'A guardrail blocked this Run'),
  at('/activations/key-accounts', /^With the tags?$/),
  at('/activations/cannot-run', /nowhere/),
  at('/activations/key-accounts/sync-history', 'Completed with failures'),
  at('/activations/key-accounts/failed-records', 'Records not Loaded'),
  at('/activations/premium-customers/drift', /./),
  at('/activations/premium-customers/ownership', /./),
  at('/activations/contact-fields/record?identifier=user-2', 'Person 2'),
  at('/activations/contact-fields/configuration', 'Query'),
  at('/runs', 'key-accounts'),
  at('/warehouses', 'shop'),
  at('/warehouses/shop', 'Settings'),
  at('/targets', 'support'),
  at('/targets/support', 'Settings'),
  at('/settings', /./),
  at('/errors/not-found', /./),
  at('/nowhere', /./),
  {
    name: 'a Run',
    async open(page) {
      await page.goto('/activations/key-accounts/sync-history')
      await page
        .getByRole('link', { name: /^Run \d+$|^\d+$/ })
        .first()
        .click()
      await page.getByRole('table', { name: /^Records/ }).waitFor()
    },
  },
  {
    name: 'the plan of a Run that a guardrail blocked',
    async open(page) {
      await page.goto('/activations/premium-customers/sync-history')
      await page
        .getByRole('link', { name: /^Run \d+$|^\d+$/ })
        .first()
        .click()
      await page.getByRole('region', { name: 'Plan' }).getByRole('table').waitFor()
    },
  },
  {
    name: 'the plan of an undo',
    async open(page) {
      await page.goto('/activations/key-accounts/sync-history')
      await page
        .getByRole('link', { name: /^Run \d+$|^\d+$/ })
        .first()
        .click()
      await page.getByRole('button', { name: 'Undo…' }).click()
      await page.getByText(/^An undo of Run \d+ would make/).waitFor()
    },
  },
  {
    name: 'the plan of a Run, before it',
    async open(page) {
      await page.goto('/activations/premium-customers')
      await page.getByRole('button', { name: 'See the plan' }).click()
      await page
        .getByRole('dialog')
        .getByText('A guardrail would block this Run before its first write')
        .first()
        .waitFor()
    },
  },
  {
    name: 'the SQL QUERY dialog',
    async open(page) {
      await page.goto('/activations/key-accounts/configuration')
      await page.getByRole('button', { name: 'SQL QUERY' }).click()
      await page.getByRole('dialog').getByRole('textbox', { name: 'SQL Query' }).waitFor()
      await page.getByRole('button', { name: 'SEE THE EFFECT' }).click()
      await page.getByRole('region', { name: 'The effect' }).waitFor()
    },
  },
  {
    name: 'ADD TARGET',
    async open(page) {
      await page.goto('/targets')
      await page.getByRole('button', { name: 'ADD TARGET' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Intercom' }).click()
      await page.getByRole('textbox', { name: 'Access token' }).waitFor()
    },
  },
  { name: 'CREATE ACTIVATION: the data', open: wizard },
  {
    name: 'CREATE ACTIVATION: Field Mapping',
    async open(page) {
      await wizard(page)
      await proceed(page)
      await mapFields(page, {
        name: 'another',
        query: '',
        object: 'contact_tag',
        behavior: 'Detach Tag(s) from Records',
        tags: ['Key Account', 'Paid Customer'],
        column: 'intercom_id',
      })
    },
  },
  {
    name: 'CREATE ACTIVATION: fields of contacts, and the plan',
    async open(page) {
      await wizard(page)
      await proceed(page)
      await mapFields(page, {
        name: 'another',
        query: '',
        object: 'contact_tag',
        behavior: 'Attach Tag to Records',
        tags: ['Key Account'],
        column: 'intercom_id',
      })
      await showPlan(page)
    },
  },
]

test('every page is accessible, in light and dark, wide and narrow, and none scrolls sideways', async (t) => {
  if (!hasBrowser(t)) return
  const product = await startWorkedIn()
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    await product.stop()
  })
  const { page, foresee, end } = await openPage(browser, product.url)
  foresee(/\/api\/errors/, /404 GET/)
  for (const { name, open } of places) {
    await t.test(name, async () => {
      const found: string[] = []
      await page.setViewportSize(wide)
      await page.emulateMedia({ colorScheme: 'light' })
      await open(page)
      found.push(...(await troublesOf(page, 'wide, light')))
      await page.emulateMedia({ colorScheme: 'dark' })
      found.push(...(await troublesOf(page, 'wide, dark', contrast)))
      await page.setViewportSize(narrow)
      found.push(...(await troublesOf(page, 'narrow, dark', contrast)), ...(await overflowOf(page)))
      await page.emulateMedia({ colorScheme: 'light' })
      found.push(...(await troublesOf(page, 'narrow, light')))
      assert.deepEqual(found, [])
    })
  }
  await end()
})

/** The rules whose result depends only on colors. */
const contrast = ['color-contrast', 'link-in-text-block']

/** Waits three frames and for all transitions: the page reacts to a new color scheme or size one frame later. */
const atRest = `(async () => {
  for (let frames = 0; frames < 3;) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const moving = document.getAnimations().filter((each) => each.playState === 'running' && each.effect?.getTiming().iterations !== Infinity)
    await Promise.all(moving.map((each) => each.finished.catch(() => undefined)))
    frames = moving.length === 0 ? frames + 1 : 0
  }
})()`

/** The violations that axe rates serious or critical, with their place. */
async function troublesOf(page: Page, how: string, rules?: string[]): Promise<string[]> {
  await page.evaluate(atRest)
  // Load axe (half a megabyte) once per page, and collect details only of violations.
  const isThere: boolean = await page.evaluate('"axe" in window')
  const axe = new AxeBuilder({ page, ...(isThere && { axeSource: 'true' }) })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) =>
          `${how}: ${id} at ${target.join(' ')}: ${failureSummary.split('\n')[1]?.trim() ?? ''}`,
      ),
    )
}

async function overflowOf(page: Page): Promise<string[]> {
  const beyond: number = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
  return beyond > 0 ? [`narrow: the page is ${beyond} px too wide`] : []
}
