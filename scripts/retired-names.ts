import { parseSync } from '@swc/core'

/**
 * Words that a name may not contain any more, and the words to use instead. Each form of a word is listed, because the
 * check compares a name part by part.
 */
const retired: readonly (readonly [words: string, say: string])[] = [
  ['thing things', 'target record'],
  ['ours', 'managed'],
  ['theirs', 'external'],
  ['doubt doubts', 'unconfirmed, or sent'],
  ['prints', 'fingerprints'],
  ['wants wished wish wishes', 'desired'],
  ['stranger strangers outsider outsiders', 'unlisted holders'],
  ['twin twins', 'duplicate'],
  ['sight sights glance', 'current, or lookup'],
  ['survey surveys surveyed', 'listing'],
  ['hungry', 'hasCapacity'],
  ['kase', 'testCase'],
  ['stand', 'harness'],
  ['fate fates befall befalls robbed', 'injected fault'],
  ['doorman', 'login throttle'],
  ['usurper', 'the owner by its name'],
  ['witness witnessed', 'captured'],
  ['askable unaskable', 'valid id'],
  ['told tell tells teller', 'report, or publish'],
  ['thaw', 'immutable settings'],
  ['noted', 'saved, or stored'],
  ['refuse refused refuses refusal', 'reject'],
  ['manner', 'options'],
  ['whose', 'author'],
  ['mend mended', 'repair'],
]
const sayOf = new Map(retired.flatMap(([words, say]) => words.split(' ').map((word) => [word, say] as const)))

/** Exceptions: keys of JSON that users or other programs write or read. */
const allowed: ReadonlyMap<string, readonly string[]> = new Map([
  ['src/targets/intercom/emulator/control/actions.ts', ['things']],
  ['src/targets/intercom/emulator/control.test.ts', ['things']],
  ['src/cli/commands/plan.ts', ['things']],
  ['src/cli/arguments.ts', ['refused']],
  ['src/testing/shared-account/shared-account-trouble.ts', ['refused']],
  // Exceptions: names in the schema of version 1, and in the tables of one test.
  ['src/store/database/version-1.fixture.ts', [...sayOf.keys()]],
  ['src/store/database/migrate.test.ts', ['thing']],
])

interface Complaint {
  readonly name: string
  readonly say: string
}

/**
 * Names in a source file, in its SQL and in its file name that contain a retired word. Comments, messages and other
 * prose are not checked.
 */
export function retiredNames(file: string, text: string): readonly Complaint[] {
  const names = new Set(/\.(tsx?|sql)$/.test(file) ? [file.split('/').at(-1)?.split('.')[0] ?? ''] : [])
  if (file.endsWith('.sql')) for (const name of namesInSql(text)) names.add(name)
  if (/\.tsx?$/.test(file))
    collect(parseSync(text, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'esnext' }), names)
  return [...names].flatMap((name) => {
    const word = partsOf(name).find((part) => sayOf.has(part) && allowed.get(file)?.includes(part) !== true)
    return word === undefined ? [] : [{ name, say: sayOf.get(word) ?? '' }]
  })
}

function collect(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) return node.forEach((each) => collect(each, names))
  if (typeof node !== 'object' || node === null) return
  const { type, value, quasis } = node as {
    readonly type?: unknown
    readonly value?: unknown
    readonly quasis?: readonly { readonly cooked?: string }[]
  }
  if (type === 'Identifier' && typeof value === 'string') names.add(value)
  const string =
    type === 'StringLiteral' && typeof value === 'string'
      ? value
      : type === 'TemplateLiteral'
        ? quasis?.map(({ cooked }) => cooked).join(' ')
        : undefined
  if (string !== undefined && looksLikeSql(string)) for (const name of namesInSql(string)) names.add(name)
  for (const child of Object.values(node)) collect(child, names)
}

function looksLikeSql(text: string): boolean {
  return /^\s*(select\s.*\bfrom\b|insert into|update \w.*\bset\b|delete from|with \w+( \(|\s+as )|create (unlogged |temp )?(table|index|view|sequence)|alter table|case when|left join|union )/s.test(
    text,
  )
}

/** The words of a statement, without comments and string literals. */
function namesInSql(text: string): readonly string[] {
  return (
    text
      .replaceAll(/--.*$/gm, '')
      .replaceAll(/'(?:[^']|'')*'/g, '')
      .match(/[A-Za-z_]\w*/g) ?? []
  )
}

function partsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
}
