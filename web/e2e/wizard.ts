import type { Locator, Page } from 'playwright-core'

export interface Wanted {
  readonly name: string
  readonly query: string
  readonly object: string
  /** The label of the radio button. */
  readonly behavior: string
  /** Names of existing tags. */
  readonly tags?: readonly string[]
  readonly column: string
  /** Only needed if the Target Object has several identifiers. */
  readonly field?: string
}

/** Opens a Select and returns its options. */
export async function optionsOf(page: Page, select: Locator): Promise<string[]> {
  await select.click()
  const list = page.getByRole('listbox').filter({ visible: true })
  await list.getByRole('option').first().waitFor()
  const options = await list.getByRole('option').allTextContents()
  await page.keyboard.press('Escape')
  return options
}

/** Chooses the option of a Select that starts with this text. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page
    .getByRole('option', { name: new RegExp(`^${option.replace(/[^\w ]/g, '\\$&')}(\\s|$)`) })
    .filter({ visible: true })
    .click()
}

/** As `choose`, but searches for the option by its name. */
export async function searchAndChoose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).fill(option)
  await page.getByRole('option', { name: option, exact: true }).filter({ visible: true }).click()
}

export async function proceed(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'CONTINUE', exact: true }).click()
}

/** Chooses the existing Warehouse `shop` and Target `support`. */
export async function selectConnections(page: Page): Promise<void> {
  await page.goto('/create-activation')
  await page.getByRole('radio', { name: 'shop' }).click()
  await proceed(page)
  await page.getByRole('radio', { name: 'support' }).click()
  await proceed(page)
}

/** Replaces the text in the editor as a user does: select all, then type. */
export async function fillQuery(page: Page, query: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'SQL Query' })
  await editor.click()
  await editor.press('ControlOrMeta+a')
  await page.keyboard.insertText(query)
}

export async function writeQuery(page: Page, query: string): Promise<void> {
  await fillQuery(page, query)
  await page.getByRole('button', { name: 'VALIDATE' }).click()
  await page.getByText(/^Valid: /).waitFor()
}

/** Fills in the page *Field Mapping*, from top to bottom. */
export async function mapFields(
  page: Page,
  { name, object, behavior, tags = [], column, field }: Wanted,
): Promise<void> {
  await choose(page, 'Select the Target Object', object)
  await page
    .getByRole('radiogroup', { name: 'Select the Sync Behavior' })
    .getByRole('radio', { name: behavior })
    .check()
  for (const tag of tags) await searchAndChoose(page, behavior.startsWith('Detach') ? 'Tags' : 'Tag', tag)
  const match = page.getByRole('group', { name: 'Match the query field with the Target field' })
  await match.waitFor()
  if (field !== undefined) await choose(page, 'Target Field', field)
  await choose(page, 'Query Field', column)
  await page.getByRole('textbox', { name: 'Activation Name' }).fill(name)
}

/** Opens the plan, and waits until it is shown. */
export async function showPlan(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'SHOW THE PLAN' }).click()
  await page.getByRole('heading', { name: 'The plan' }).waitFor()
  await page.getByRole('status').filter({ hasText: 'Nothing was sent.' }).waitFor()
  return page.getByRole('main')
}

/** Goes from the first step to the new Activation's page, with its first Run started. */
export async function createActivation(page: Page, wanted: Wanted): Promise<void> {
  await selectConnections(page)
  await writeQuery(page, wanted.query)
  await proceed(page)
  await mapFields(page, wanted)
  await showPlan(page)
  await page.getByRole('button', { name: 'CREATE ACTIVATION' }).click()
  await page.getByRole('heading', { name: wanted.name, level: 1 }).waitFor()
}
