import type { RunReport } from '../../engine/pass.ts'

/** Rows that name the Record of another one and count for nothing, as a Run's notices tell. */
export function repeatedRows({ notices }: RunReport): number {
  return notices.filter(({ code }) => code === 'repeated-rows' || code === 'later-rows').reduce((sum, { data }) => sum + Number(data['rows']), 0)
}
