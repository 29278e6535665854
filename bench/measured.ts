/** What a measured child process prints about itself, as the last line of its stdout. */
export interface Measured {
  /** Duration of the work, without the start of the process. */
  readonly workMs: number
  readonly cpuSeconds: number
  /** Peak resident memory in MB (10^6 bytes). */
  readonly peakMb: number
  readonly details: Readonly<Record<string, unknown>>
}

/** Reports to the parent process. CPU and memory are those of the whole process, including its start. */
export function reportMeasured(workMs: number, details: Readonly<Record<string, unknown>>): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const measured: Measured = {
    workMs,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMb: (maxRSS * 1024) / 1e6,
    details,
  }
  console.log(JSON.stringify(measured))
}
