import { Fault } from '../model/fault.ts'

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
