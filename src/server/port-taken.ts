import { Fault } from '../model/fault.ts'

/** Turns the error of a port that cannot be used into a Fault; returns other errors unchanged. */
export function portTaken(port: number, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'EADDRINUSE') {
    return new Fault('usage', `Port ${port} is in use by another program.`, {
      code: 'port-taken', advice: '--port names another one; --port 0 takes any that is free.', cause: error,
    })
  }
  if (error.code !== 'EACCES' && error.code !== 'ERR_SOCKET_BAD_PORT') return error
  return new Fault('usage', `Port ${port} cannot be used (${String(error.code)}).`, { code: 'port-unusable', advice: '--port names another one.', cause: error })
}
