/** Abort reason for a Run whose server stops. Another process resumes the Run, so it is deferred, not cancelled. */
const reason = Symbol('the server stops')

export function stopForServer(stop: AbortController): void {
  stop.abort(reason)
}

export function isServerStop(stop: AbortSignal): boolean {
  return stop.aborted && stop.reason === reason
}
