import { catalogue } from '../model/catalogue/catalogue.ts'

const entries = new Map(catalogue.flatMap((area) => area.entries.map((entry) => [entry.code, entry])))

/** What a failure's code means, and what to do, as docs/errors.md says it. */
export function reasonWords(code: string): { readonly title: string; readonly advice: string } {
  const { title = code, fix = '' } = entries.get(code) ?? {}
  return { title, advice: fix }
}
