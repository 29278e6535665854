import { definePage } from '../../lib/page-spec.ts'

export const page = definePage({
  path: '/errors/$code',
  load: async () => (await import('./error-code-page.tsx')).ErrorCodePage,
})
