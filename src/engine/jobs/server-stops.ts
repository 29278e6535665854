/** Why a Run is asked to stop: not by a person, but since the process that works on it is stopping. Another goes on with it. */
const reason = Symbol('the server stops')

export function stopForServer(stop: AbortController): void {
  stop.abort(reason)
}

export function isServerStop(stop: AbortSignal): boolean {
  return stop.aborted && stop.reason === reason
}
