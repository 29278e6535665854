import type { Problem } from '../../src/api/shared.ts'

/** What the API refused, or why it could not be asked: always with words for a person. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

/** What stopped something, in the shape that the API gives: also for trouble of the page itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return problemWith({ title: 'This page has a fault', detail: error instanceof Error ? error.message : String(error), advice: 'Load the page again; if it stays, please report it with what you did.' })
}

/** A problem that is not from the API's catalogue, so without a code. */
export function problemWith(words: { readonly title: string; readonly detail: string; readonly advice: string | null; readonly status?: number }): Problem {
  return { type: 'about:blank', status: 0, code: '', errors: [], requestId: null, ...words }
}
