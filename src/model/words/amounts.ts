import { plural } from '../figures.ts'
import type { Noun } from '../noun.ts'

/** `1 contact`, `1,200 contacts`. */
export function amount(n: number, { one, many }: Noun): string {
  return plural(n, one, many)
}

/** Joins the parts that apply; a part that does not is false. Empty if none does. */
export function listed(parts: readonly (string | false)[], separator = ', '): string {
  return parts.filter((part) => part !== false && part !== '').join(separator)
}

/** With a capital first letter and a full stop. Empty stays empty. */
export function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
