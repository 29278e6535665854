import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const debian = '/usr/bin/chromium'

/** Where a Chromium is: Debian's, or one that Playwright has installed; undefined where there is none. */
export function findChromium(): string | undefined {
  return [debian, chromium.executablePath()].find((path) => existsSync(path))
}

/** Why a browser test cannot run here; undefined where it can. */
function browserMissing(): string | undefined {
  return findChromium() === undefined ? `no Chromium: neither ${debian} nor ${chromium.executablePath()} is there (apt-get install chromium)` : undefined
}

/** A browser without a window. As root it has no sandbox: Chromium refuses to make one. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(browserMissing())
  return await chromium.launch({
    executablePath, chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none', '--force-color-profile=srgb', '--disable-background-networking', '--disable-component-update'],
  })
}

/** How long anything that was asked for may take to be seen, in milliseconds. */
const patienceMs = 20_000

/** What a test foresees of the page's trouble: texts such as `412 PUT /api/activations/a`, or what the console says. */
export type Foreseen = readonly RegExp[]

export interface WatchedPage {
  readonly page: Page
  /** From now on trouble like this is no fault of the page. */
  foresee(...these: Foreseen): void
  /** All that went wrong and was not foreseen; closes the page. */
  end(): Promise<void>
}

/** A page of its own, with its own storage. Whatever it writes to the console as an error, throws, or gets refused, fails the test. */
export async function openPage(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', ...options })
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const troubles: string[] = []
  const foreseen: RegExp[] = []
  page.on('console', (message) => {
    // What the server refused is noted from its answer, which says more.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`thrown: ${error.stack ?? error.message}`))
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`)
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // Leaving a page gives up what it was still asking for.
    if (why !== 'net::ERR_ABORTED') troubles.push(`failed: ${request.method()} ${request.url()} ${why}`)
  })
  return {
    page,
    foresee: (...these) => void foreseen.push(...these),
    async end() {
      await context.close()
      assert.deepEqual(troubles.filter((trouble) => !foreseen.some((pattern) => pattern.test(trouble))), [], 'the page had trouble')
    },
  }
}

/** Skips the test, by name of what is missing, where there is no browser; else true. */
export function hasBrowser(t: TestContext): boolean {
  const missing = browserMissing()
  if (missing !== undefined) t.skip(missing)
  return missing === undefined
}
