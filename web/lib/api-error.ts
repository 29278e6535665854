import type { Problem } from '../../src/api/shared.ts'

/** An error answer of the API, or a failed request, always with text for the user. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

/** Any error in the shape of an API problem, including errors of the page itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return problemWith({
    title: 'This page failed',
    detail: error instanceof Error ? error.message : String(error),
    advice: 'Reload the page. If the error remains, please report it with the steps that led to it.',
  })
}

/** A problem that is not from the API, so it has no code. */
export function problemWith(words: {
  readonly title: string
  readonly detail: string
  readonly advice: string | null
  readonly status?: number
}): Problem {
  return { type: 'about:blank', status: 0, code: '', errors: [], requestId: null, ...words }
}
