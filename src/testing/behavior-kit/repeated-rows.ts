import type { RunReport } from '../../engine/run-report.ts'

/** Number of rows that repeat another row's Record and are ignored, from the notices of the Run. */
export function repeatedRows({ notices }: RunReport): number {
  return notices
    .filter(({ code }) => code === 'repeated-rows' || code === 'later-rows')
    .reduce((sum, { data }) => sum + Number(data['rows']), 0)
}
