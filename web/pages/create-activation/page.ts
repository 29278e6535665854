import { definePage } from '../../lib/page-spec.ts'

/** `?from=NAME` starts with a copy of that Activation. `?step=` is the current step, so that Back goes back one. */
export const page = definePage({
  path: '/create-activation',
  load: async () => (await import('./create-activation-page.tsx')).CreateActivationPage,
})
