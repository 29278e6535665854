/** A local Intercom in a process of its own: options as JSON in the first argument; prints its URL and token as JSON; lives until killed. */
import { startIntercomEmulator, type IntercomEmulatorOptions } from '../src/emulators/intercom/index.ts'

const emulator = await startIntercomEmulator(JSON.parse(process.argv[2] ?? '{}') as IntercomEmulatorOptions)
console.log(JSON.stringify({ url: emulator.url, token: emulator.token }))
process.on('disconnect', () => process.exit())
