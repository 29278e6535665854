import { definePage } from '../../lib/page-spec.ts'

/** `?from=NAME` begins with a copy of that Activation; `?step=` is where one is, so that the browser's Back goes one step back. */
export const page = definePage({ path: '/create-activation', load: async () => (await import('./create-activation-page.tsx')).CreateActivationPage })
