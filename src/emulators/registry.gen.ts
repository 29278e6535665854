// Written by `npm run gen` from the contents of src/emulators/. Do not edit.
export const emulators = {
  intercom: () => import('./intercom/index.ts'),
}
