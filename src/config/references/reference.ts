import { fillVariables, type WhenUnset } from '../source/variables.ts'

/**
 * A setting of a Connection that says where its value is. Only the text as written in the file is a reference: a value
 * that comes from a variable never is, so no environment can make Tailrace read a file or run a program.
 */
export type Reference =
  | { readonly scheme: 'env'; readonly name: string }
  | { readonly scheme: 'file'; readonly path: string }
  | { readonly scheme: 'exec'; readonly words: readonly string[] }

export type ReferenceScheme = Reference['scheme']

/** The value, or why there is none. The trouble says nothing of the value. */
export type Resolved = { readonly text: string } | { readonly trouble: string }

type Env = Readonly<Record<string, string | undefined>>

/** The reference that a text is, or why it is none although it starts like one. Undefined: an ordinary text. */
export function referenceIn(
  written: string,
  env: Env,
  whenUnset: WhenUnset,
): Reference | { readonly trouble: string } | undefined {
  const [, scheme, rest = ''] = /^(env|file|exec):([^]*)$/.exec(written) ?? []
  if (scheme === undefined) return undefined
  const fill = (text: string): string => fillVariables(text, env, whenUnset).text
  if (scheme === 'env') {
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(rest)
      ? { scheme, name: rest }
      : { trouble: 'after "env:" must follow the name of an environment variable, such as env:DB_PASSWORD' }
  }
  if (scheme === 'file')
    return rest.trim() === ''
      ? { trouble: 'after "file:" must follow the path of a file, such as file:./key.pem' }
      : { scheme, path: fill(rest) }
  const words = wordsOf(rest)
  if (words === undefined) return { trouble: 'a quote in this command has no end' }
  return words.length === 0
    ? { trouble: 'after "exec:" must follow a command, such as exec:op read op://vault/item/field' }
    : { scheme: 'exec', words: words.map(fill) }
}

/**
 * The words of a command: separated by white space. Single or double quotes keep white space, and there is no escape: a
 * backslash is a character, as in `C:\tools\get.exe`. Undefined: a quote has no end.
 */
function wordsOf(command: string): string[] | undefined {
  const words: string[] = []
  for (const [word] of command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["']/g)) {
    if (word === '"' || word === "'") return undefined
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''))
  }
  return words
}

/** How a message names the reference. Of a command only the program, because arguments may be secret. */
export function shownReference(reference: Reference): string {
  if (reference.scheme === 'env') return `env:${reference.name}`
  return reference.scheme === 'file' ? `file:${reference.path}` : `exec:${reference.words[0]} …`
}

/** A text that somebody meant as a reference, but that is an ordinary text. */
export function isNearlyReference(text: string): boolean {
  return /^[\s\ufeff]*(env|file|exec)\s*:/i.test(text) && !/^(env|file|exec):/.test(text)
}
