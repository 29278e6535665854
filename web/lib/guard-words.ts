const rules: Readonly<Record<string, string>> = {
  adds: 'how many records it may add', updates: 'how many records may get other values', removes: 'how many records it may remove', empty: 'a query that returns nothing',
  shrunk: 'a query that returns far less than before', invalid: 'how many rows may be invalid', failures: 'how many answers may be failures', create: 'tags and fields that do not exist yet',
  population: 'how much of the workspace one Run may write to',
}

/** The name of a guardrail in the UI. */
export function ruleWord(rule: string): string {
  return rules[rule] ?? rule
}

const overrideOnce = 'override it for one Run: with “Override and run once…” on the Activation\'s Overview, or the box under “See the plan”.'
const limits = 'Or change the Guardrails under its Configuration.'
const advices: Readonly<Record<string, string>> = {
  'guard-failures': `See why records failed, and mend the reason. If it is meant, ${overrideOnce} ${limits}`,
  'guard-invalid': `See which rows are invalid, and mend the query. If it is meant, ${overrideOnce} ${limits}`,
  'guard-create': `Correct the name, or say under its Configuration that what is missing may be created. Or ${overrideOnce}`,
  'guard-empty': `Look at the query's result. If nothing is what you mean, ${overrideOnce}`,
}

/** The advice for a guardrail's code, in terms of the UI's buttons; any other advice is unchanged. */
export function adviceHere<Advice extends string | null>(code: string, advice: Advice): Advice | string {
  if (!code.startsWith('guard-')) return advice
  return advices[code] ?? `Look at the query and the plan. If it is meant, ${overrideOnce} ${limits}`
}

/** True for notices that only say which guardrail was overridden. */
export function isGuardNotice({ code }: { readonly code: string }): boolean {
  return code === 'guard-overridden'
}

/** The text of a notice, without terms of the command line. */
export function noticeHere({ words }: { readonly words: string }): string {
  return words.replace(/^Overridden by --allow \w+: /, 'A person overrode this guardrail. ')
}
