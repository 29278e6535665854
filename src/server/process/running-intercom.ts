import type { Host } from './host.ts'

/** A running emulated Intercom. */
export type Intercom = Awaited<ReturnType<Awaited<ReturnType<Host['emulators']['intercom']>>['startIntercomEmulator']>>
