import { problemOf } from './api-error.ts'

/** What is wrong, beside its place: a JSON pointer into the `config` that was sent, or `/name`. */
export interface FieldError {
  readonly pointer: string
  readonly detail: string
}

/** Of an answer of the API: `/config/tags/0` reads `/tags/0`, as where only a config was sent. */
export function fieldErrors(errors: readonly FieldError[]): readonly FieldError[] {
  return errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/config(?=\/|$)/, ''), detail }))
}

export function fieldErrorsOf(error: unknown): readonly FieldError[] {
  return error === null || error === undefined ? [] : fieldErrors(problemOf(error).errors)
}

/** The words for one place, and for all beneath it; undefined where nothing is wrong. */
export function wordsAt(errors: readonly FieldError[], place: string): string | undefined {
  const words = errors.filter(({ pointer }) => isAt(pointer, place)).map(({ detail }) => sentence(detail))
  return words.length === 0 ? undefined : words.join(' ')
}

/** What no field of those places shows. */
export function elsewhere(errors: readonly FieldError[], places: readonly string[]): readonly FieldError[] {
  return errors.filter(({ pointer }) => !places.some((place) => isAt(pointer, place)))
}

function isAt(pointer: string, place: string): boolean {
  return pointer === place || pointer.startsWith(`${place}/`)
}

/** A step of a JSON pointer (RFC 6901). */
export function step(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}
