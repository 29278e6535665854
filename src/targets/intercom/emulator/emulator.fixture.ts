import type { TestContext } from 'node:test'
import { request } from 'undici'
import { startIntercomEmulator, type IntercomEmulator, type IntercomEmulatorOptions } from './index.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- tests read answers of many shapes, some of them wrong on purpose
export type Loose = any

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The parsed body; undefined when it is not JSON. */
  readonly json: Loose
  /** `errors[0]` as `code: message`. */
  readonly error: string
}

type Headers = Readonly<Record<string, string>>
export type Ask = (method: string, path: string, body?: unknown, headers?: Headers) => Promise<Reply>

export interface Tried {
  readonly emulator: IntercomEmulator
  readonly ask: Ask
}

/** For tests: an emulator that stops with the test, and a function that calls it with the token at version 2.16. */
export async function tryEmulator(t: TestContext, options: IntercomEmulatorOptions = {}): Promise<Tried> {
  const emulator = await startIntercomEmulator(options)
  t.after(() => emulator.close())
  const ask: Ask = async (method, path, body, headers = {}) => {
    const reply = await request(emulator.url + path, {
      method: method as 'GET',
      headers: {
        authorization: `Bearer ${emulator.token}`,
        'intercom-version': '2.16',
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await reply.body.text()
    const json = parsed(text)
    const [error] = json?.errors ?? []
    return {
      status: reply.statusCode,
      headers: reply.headers,
      text,
      json,
      error: error === undefined ? '' : `${error.code}: ${error.message}`,
    }
  }
  return { emulator, ask }
}

function parsed(text: string): Loose {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
