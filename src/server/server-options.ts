import { isIP } from 'node:net'
import { InvalidArgumentError } from 'commander'
import { Fault } from '../model/fault.ts'

export const defaultConcurrency = 4

export function readAmount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1.')
  return Number(text)
}

/** Addresses and networks of proxies, in the form `10.0.0.2,10.1.0.0/16`. */
export function readProxies(text: string): string {
  for (const each of text.split(',')) {
    const [address = '', bits] = each.trim().split('/')
    const version = isIP(address)
    if (
      version === 0 ||
      (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)))
    )
      throw new InvalidArgumentError('Write addresses or networks separated by commas, such as 10.0.0.2,10.1.0.0/16.')
  }
  return text
}

/**
 * Connections to the control database. A Run uses one for its lock, one to read, one to compare, and one for other
 * queries.
 */
export function connectionsFor(concurrency: number): number {
  return 8 + 4 * concurrency
}

/** Turns the error of a port that cannot be used into a Fault; returns other errors unchanged. */
export function portTaken(port: number, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'EADDRINUSE') {
    return new Fault('usage', `Port ${port} is in use by another program.`, {
      code: 'port-taken',
      advice: 'Name another port with --port; --port 0 chooses a free one.',
      cause: error,
    })
  }
  if (error.code !== 'EACCES' && error.code !== 'ERR_SOCKET_BAD_PORT') return error
  return new Fault('usage', `Port ${port} cannot be used (${String(error.code)}).`, {
    code: 'port-unusable',
    advice: 'Name another port with --port.',
    cause: error,
  })
}
