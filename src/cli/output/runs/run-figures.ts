import { noCounts, type Counts, type RequestCounts } from '../../../model/run.ts'

const noRequests: RequestCounts = { read: 0, write: 0 }

/** The figures of a stored Run, with zeros for what an unfinished Run has not stored yet. */
export function figuresOf(run: { readonly counts: Partial<Counts>; readonly requests: Partial<RequestCounts> }): {
  counts: Counts
  requests: RequestCounts
} {
  return { counts: { ...noCounts, ...run.counts }, requests: { ...noRequests, ...run.requests } }
}

/** The figures as JSON. */
export function figuresJson(run: Parameters<typeof figuresOf>[0]): {
  counts: Omit<Counts, 'leftAlone'>
  leftAlone: number
  requests: RequestCounts
} {
  const {
    counts: { leftAlone, ...counts },
    requests,
  } = figuresOf(run)
  return { counts, leftAlone, requests }
}
