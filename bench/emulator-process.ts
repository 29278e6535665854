/**
 * A local Intercom in its own process. Argument: options as JSON. Prints its URL and token as JSON. Runs until killed.
 */
import { startIntercomEmulator, type IntercomEmulatorOptions } from '../src/targets/intercom/emulator/index.ts'

const emulator = await startIntercomEmulator(JSON.parse(process.argv[2] ?? '{}') as IntercomEmulatorOptions)
console.log(JSON.stringify({ url: emulator.url, token: emulator.token }))
process.on('disconnect', () => process.exit())
