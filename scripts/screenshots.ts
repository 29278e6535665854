/**
 * `npm run screenshots`: writes docs/screenshots/*.png from `tailrace demo` and its data. Repeated runs give the same
 * pictures, except for text that shows the time.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, openPage } from '../src/testing/harness/browser.ts'
import { startDemo } from '../src/testing/harness/product.ts'
import { mapFields, proceed, selectConnections, showPlan, writeQuery } from '../web/e2e/wizard.ts'
import { ensureChromium } from './chromium.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots')
/** Maximum bytes per picture. A reader of the README loads all of them. */
const most = 150_000
const usual = { width: 1280, height: 860 }
/** For pages that must not be cut off. */
const tall = { width: 1280, height: 1240 }
const wide: BrowserContextOptions = { viewport: usual }
const dark: BrowserContextOptions = { ...wide, colorScheme: 'dark' }
const narrow: BrowserContextOptions = { viewport: { width: 390, height: 844 } }
/** The browser's clock shows this long after the last Run. */
const laterMs = 180_000

if (!ensureChromium()) throw new Error('There is no Chromium to take them with: apt-get install chromium')
await mkdir(folder, { recursive: true })
const dir = await mkdtemp(join(tmpdir(), 'tailrace-screenshots-'))
const demo = await startDemo(dir)
const browser = await launchChromium()
try {
  await takeAll(browser, demo.url)
} finally {
  await browser.close()
  await demo.stop()
  await rm(dir, { recursive: true, force: true })
}

async function takeAll(of: Browser, url: string): Promise<void> {
  const visit = async (
    options: BrowserContextOptions,
    work: (page: Page, take: (name: string) => Promise<void>) => Promise<void>,
  ): Promise<void> => {
    const { page, end } = await openPage(of, url, options)
    await page.clock.setFixedTime(Date.now() + laterMs)
    await work(page, (name) => take(page, name))
    await end()
  }
  await visit(wide, async (page, picture) => {
    await openActivations(page)
    await picture('activations')
    await createToPlan(page, async (name) => {
      await page.setViewportSize(name === 'wizard-mapping' ? tall : usual)
      await picture(name)
    })
    await page.goto('/activations/premium-customers')
    await page.getByRole('figure').first().waitFor()
    await page.setViewportSize(tall)
    for (const plot of await page.getByRole('figure').all()) await plot.locator('canvas').waitFor()
    await picture('activation')
    await page.setViewportSize(usual)
    await openFailedRecords(page)
    await picture('failed-records')
    await openRun(page)
    await picture('run')
    await openTargets(page)
    await picture('targets')
  })
  await visit(dark, async (page, picture) => {
    await openActivations(page)
    await picture('activations-dark')
    await openRun(page)
    await picture('run-dark')
  })
  await visit(narrow, async (page, picture) => {
    await openActivations(page)
    await picture('activations-narrow')
    await openFailedRecords(page)
    await picture('failed-records-narrow')
    await createToPlan(page, (name) => (name === 'wizard-data' ? Promise.resolve() : picture(`${name}-narrow`)))
  })
}

async function openActivations(page: Page): Promise<void> {
  await page.goto('/activations')
  await page.getByRole('link', { name: 'settled-conversations' }).waitFor()
}

async function openFailedRecords(page: Page): Promise<void> {
  await page.goto('/activations/key-accounts/failed-records')
  await page.getByRole('table', { name: 'Failed records of key-accounts' }).waitFor()
}

async function openRun(page: Page): Promise<void> {
  await page.goto('/runs/2')
  await page.getByRole('table', { name: /^Records/ }).waitFor()
}

async function openTargets(page: Page): Promise<void> {
  await page.goto('/targets')
  await page.getByRole('link', { name: 'support' }).waitFor()
}

async function createToPlan(page: Page, picture: (name: string) => Promise<void>): Promise<void> {
  await selectConnections(page)
  await writeQuery(page, "select intercom_id, email, plan\nfrom customers\nwhere plan = 'free'")
  await page.getByRole('button', { name: 'PREVIEW' }).click()
  await page.getByRole('table', { name: 'Preview' }).waitFor()
  await picture('wizard-data')
  await proceed(page)
  await mapFields(page, {
    name: 'free-customers',
    query: '',
    object: 'contact_tag',
    behavior: 'Attach Tag to Records',
    tags: ['Key Account'],
    column: 'intercom_id',
  })
  await page.evaluate('window.scrollTo(0, 0)')
  await picture('wizard-mapping')
  await showPlan(page)
  await picture('plan')
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`)
  await page.mouse.move(0, 0)
  await page.evaluate('document.activeElement?.blur()')
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  const { size } = await stat(path)
  console.log(`${name}.png ${(size / 1000).toFixed(0)} kB`)
  if (size > most) throw new Error(`${path} has ${size} bytes: more than ${most}`)
}
