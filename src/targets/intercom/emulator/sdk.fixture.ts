import type { TestContext } from 'node:test'
import { IntercomClient } from 'intercom-client'
import type { IntercomEmulator, IntercomEmulatorOptions } from './index.ts'
import { tryEmulator } from './emulator.fixture.ts'

export interface Driven {
  readonly emulator: IntercomEmulator
  readonly client: IntercomClient
}

/** For tests: the official SDK at 2.16, with its retries off, on an emulator that stops with the test. */
export async function drive(t: TestContext, options?: IntercomEmulatorOptions): Promise<Driven> {
  const { emulator } = await tryEmulator(t, options)
  const client = new IntercomClient({
    token: emulator.token,
    baseUrl: emulator.url,
    maxRetries: 0,
    headers: { 'Intercom-Version': '2.16' },
  })
  return { emulator, client }
}
