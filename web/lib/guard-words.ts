const rules: Readonly<Record<string, string>> = {
  adds: 'how many records it may add',
  updates: 'how many records it may change',
  removes: 'how many records it may remove',
  empty: 'a query that returns nothing',
  shrunk: 'a query that returns far fewer rows than before',
  invalid: 'how many rows may be invalid',
  failures: 'how many records the Target may reject',
  create: 'tags and fields that do not exist yet',
  population: 'which share of all records in the Target one Run may write',
}

/** The name of a guardrail in the UI. */
export function ruleWord(rule: string): string {
  return rules[rule] ?? rule
}

const overrideOnce =
  "override it for one Run: with “Override and run once…” on the Activation's Overview, or the box under “See the plan”."
const limits = 'Or change the Guardrails under Configuration.'
const advices: Readonly<Record<string, string>> = {
  'guard-failures': `Check why records failed, and fix the cause. If this is intended, ${overrideOnce} ${limits}`,
  'guard-invalid': `Check which rows are invalid, and correct the query. If this is intended, ${overrideOnce} ${limits}`,
  'guard-create': `Correct the name, or allow the creation under Configuration. Or ${overrideOnce}`,
  'guard-empty': `Check the query's result. If the empty result is intended, ${overrideOnce}`,
}

/** The advice for a guardrail's code, in terms of the UI's buttons; any other advice is unchanged. */
export function adviceHere<Advice extends string | null>(code: string, advice: Advice): Advice | string {
  if (!code.startsWith('guard-')) return advice
  return advices[code] ?? `Check the query and the plan. If this is intended, ${overrideOnce} ${limits}`
}

/** True for notices that only say which guardrail was overridden. */
export function isGuardNotice({ code }: { readonly code: string }): boolean {
  return code === 'guard-overridden'
}

/** The text of a notice, without terms of the command line. */
export function noticeHere({ words }: { readonly words: string }): string {
  return words.replace(/^Overridden by --allow \w+: /, 'A person overrode this guardrail. ')
}
