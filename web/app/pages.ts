import type { PageSpec } from '../lib/page-spec.ts'

/** All folders of pages/ with a `page.ts`. The code of a page is loaded when it is opened. */
export const pages: readonly PageSpec[] = Object.values(
  import.meta.glob<PageSpec>('../pages/*/page.ts', { eager: true, import: 'page' }),
)
