/** Something a person should know about a Run, a plan or a check that is no failure. `code` is of the catalogue (docs/errors.md). */
export interface Notice {
  readonly code: string
  /** One sentence or two, for people. */
  readonly words: string
  /** The figures and names of `words`, for programs. */
  readonly data: Readonly<Record<string, string | number | boolean | null>>
}

export function notice(code: string, words: string, data: Notice['data'] = {}): Notice {
  return { code, words, data }
}
