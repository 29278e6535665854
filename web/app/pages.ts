import type { PageSpec } from '../lib/page-spec.ts'

/** Every folder of pages/ with a `page.ts`; a page's own code is loaded when it is opened. */
export const pages: readonly PageSpec[] = Object.values(import.meta.glob<PageSpec>('../pages/*/page.ts', { eager: true, import: 'page' }))
