// Written by `npm run gen` from the contents of src/targets/. Do not edit.
import type { EmulatorSpec } from '../emulator-kit/emulator.ts'

export const emulators = {
  intercom: () => import('./intercom/emulator/index.ts'),
} satisfies Readonly<Record<string, () => Promise<{ readonly emulator: EmulatorSpec }>>>
