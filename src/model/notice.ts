/** Information about a Run, a plan or a check that is not a failure. `code` is in the catalogue (docs/errors.md). */
export interface Notice {
  readonly code: string
  /** One or two sentences for users. */
  readonly words: string
  /** The figures and names in `words`, for programs. */
  readonly data: Readonly<Record<string, string | number | boolean | null>>
}

export function notice(code: string, words: string, data: Notice['data'] = {}): Notice {
  return { code, words, data }
}
