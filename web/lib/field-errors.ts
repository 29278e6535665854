import { problemOf } from './api-error.ts'

/** An error with a JSON pointer into the `config` that was sent, or `/name`. */
export interface FieldError {
  readonly pointer: string
  readonly detail: string
}

/** Shortens pointers of an API answer: `/config/tags/0` becomes `/tags/0`. */
export function fieldErrors(errors: readonly FieldError[]): readonly FieldError[] {
  return errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/config(?=\/|$)/, ''), detail }))
}

export function fieldErrorsOf(error: unknown): readonly FieldError[] {
  return error === null || error === undefined ? [] : fieldErrors(problemOf(error).errors)
}

/** The messages for a place and everything below it; undefined if there are none. */
export function wordsAt(errors: readonly FieldError[], place: string): string | undefined {
  const words = errors.filter(({ pointer }) => isAt(pointer, place)).map(({ detail }) => sentence(detail))
  return words.length === 0 ? undefined : words.join(' ')
}

/** The errors that none of these places shows. */
export function elsewhere(errors: readonly FieldError[], places: readonly string[]): readonly FieldError[] {
  return errors.filter(({ pointer }) => !places.some((place) => isAt(pointer, place)))
}

function isAt(pointer: string, place: string): boolean {
  return pointer === place || pointer.startsWith(`${place}/`)
}

/** One step of a JSON pointer (RFC 6901). */
export function step(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}
