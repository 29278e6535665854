import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

/** Runs dependent steps of one test. A failed step reports what the page shows, and the later ones are skipped. */
export function stepsOf(page: Page): (work: () => Promise<void>) => (t: TestContext) => Promise<void> {
  let broken: string | undefined
  return (work) => async (t) => {
    if (broken !== undefined) return t.skip(`it stands on "${broken}", which failed`)
    try {
      await work()
    } catch (error) {
      broken = t.name
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await shownIn(page)}`, {
        cause: error,
      })
    }
  }
}

const most = 4000

async function shownIn(page: Page): Promise<string> {
  const shown = await page
    .locator('body')
    .ariaSnapshot({ timeout: 2000 })
    .catch((error: Error) => error.message)
  return `${page.url()} shows:\n${shown.slice(shown.indexOf('- main')).slice(0, most)}`
}
