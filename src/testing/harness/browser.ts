import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const debian = '/usr/bin/chromium'

/** Path of a Chromium: Debian's, or one that Playwright installed; undefined if there is none. */
export function findChromium(): string | undefined {
  return [debian, chromium.executablePath()].find((path) => existsSync(path))
}

/** Why a browser test cannot run on this machine; undefined if it can. */
function browserMissing(): string | undefined {
  return findChromium() === undefined
    ? `no Chromium: neither ${debian} nor ${chromium.executablePath()} is there (apt-get install chromium)`
    : undefined
}

/** A headless browser. As root it runs without a sandbox, because Chromium refuses to create one. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(browserMissing())
  return await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
}

/** How long the browser waits for an expected state, in milliseconds. */
const patienceMs = 20_000

/** Errors that a test expects on a page: texts such as `412 PUT /api/activations/a`, or console messages. */
export type Foreseen = readonly RegExp[]

export interface WatchedPage {
  readonly page: Page
  /** Errors that match these patterns do not fail the test. */
  foresee(...these: Foreseen): void
  /** Closes the page, and fails on every error that no pattern matches. */
  end(): Promise<void>
}

/** Opens a page with its own storage. Console errors, exceptions, failed requests and error responses fail the test. */
export async function openPage(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...options,
  })
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const troubles: string[] = []
  const foreseen: RegExp[] = []
  page.on('console', (message) => {
    // Failed responses are recorded below, with more detail.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`thrown: ${error.stack ?? error.message}`))
  page.on('response', (response) => {
    if (response.status() >= 400)
      troubles.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`)
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // Leaving a page cancels its pending requests. So does a network interface that another test adds to this machine:
    // the browser then repeats what the page needs.
    if (why !== 'net::ERR_ABORTED' && why !== 'net::ERR_NETWORK_CHANGED')
      troubles.push(`failed: ${request.method()} ${request.url()} ${why}`)
  })
  return {
    page,
    foresee: (...these) => void foreseen.push(...these),
    async end() {
      await context.close()
      assert.deepEqual(
        troubles.filter((trouble) => !foreseen.some((pattern) => pattern.test(trouble))),
        [],
        'the page had trouble',
      )
    },
  }
}

/** Skips the test and names what is missing, if there is no browser. Returns whether there is one. */
export function hasBrowser(t: TestContext): boolean {
  const missing = browserMissing()
  if (missing !== undefined) t.skip(missing)
  return missing === undefined
}
