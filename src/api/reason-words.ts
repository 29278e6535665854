import { catalogue } from '../model/catalogue/catalogue.ts'

const entries = new Map(catalogue.flatMap((area) => area.entries.map((entry) => [entry.code, entry])))

/** The meaning of a failure's code and what to do, from docs/errors.md. */
export function reasonWords(code: string): { readonly title: string; readonly advice: string } {
  const { title = code, fix = '' } = entries.get(code) ?? {}
  return { title, advice: fix }
}
