/**
 * `${VAR}` and `${VAR:-default}` in text. `$${VAR}` gives the literal text `${VAR}`.
 *
 * YAML gives `{`, `}`, `,` and others a meaning inside a flow mapping, so `{ token: ${TOKEN} }` would not parse. Before
 * parsing, these characters inside `${…}` are replaced one for one by characters without meaning in YAML, so that
 * offsets stay correct. They are restored after parsing.
 */
const special = ['{', '}', ',', '[', ']', ':', '#'] as const
// An expression with quotes is more likely SQL or two quoted texts than a variable, so YAML gets it unchanged.
const maskable = /\$\{[^}\n"']*\}/g
const expression = /(\$?)\$\{([^}\n]*)\}/g

export interface Mask {
  readonly masked: string
  restore(text: string): string
}

/** Masks the expressions of a YAML text. */
export function maskVariables(text: string): Mask {
  const unusedCharacters: string[] = []
  for (let code = 0xe000; unusedCharacters.length < special.length; code++) {
    const candidate = String.fromCharCode(code)
    if (!text.includes(candidate)) unusedCharacters.push(candidate)
  }
  const masks = new Map<string, string>(special.map((char, index) => [char, unusedCharacters[index] ?? char]))
  const originals = new Map([...masks].map(([char, mask]) => [mask, char]))
  const swap = (part: string, by: ReadonlyMap<string, string>) =>
    Array.from(part, (char) => by.get(char) ?? char).join('')
  return {
    masked: text.replaceAll(maskable, (part) => swap(part, masks)),
    restore: (part) => swap(part, originals),
  }
}

export interface Filled {
  readonly text: string
  readonly variables: readonly string[]
  readonly wholeVariable: boolean
  /** `index`: number of the expression in the text, from 0. */
  readonly troubles: readonly { readonly index: number; readonly message: string }[]
}

/**
 * What to do with a variable that is not set and has no default: `refuse` reports a problem, `keep` keeps the text
 * `${VAR}`. `as-written` fills in no variable at all.
 */
export type WhenUnset = 'refuse' | 'keep' | 'as-written'

/** Fills in the variables of one text. */
export function fillVariables(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  whenUnset: WhenUnset = 'refuse',
): Filled {
  if (whenUnset === 'as-written') return { text, variables: [], wholeVariable: false, troubles: [] }
  const variables: string[] = []
  const troubles: { index: number; message: string }[] = []
  let index = -1
  let wholeVariable = false
  const filled = text.replaceAll(expression, (part: string, escape: string, inner: string) => {
    index += 1
    if (escape !== '') return part.slice(1)
    const [, name, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/.exec(inner) ?? []
    if (name === undefined) {
      troubles.push({
        index,
        message: `"${part}" is not the name of an environment variable; for the text itself, write "$${part}"`,
      })
      return ''
    }
    variables.push(name)
    wholeVariable = part === text
    const value = env[name]
    if (value !== undefined && (value !== '' || fallback === undefined)) return value
    if (fallback === undefined && whenUnset === 'keep') return part
    if (fallback === undefined) {
      troubles.push({
        index,
        message: `the environment variable ${name} is not set; set it, or write "\${${name}:-default}"`,
      })
    }
    return fallback ?? ''
  })
  return { text: filled, variables, wholeVariable, troubles }
}

/** Offsets of the expressions in a text as written in the file. */
export function variableOffsets(source: string): number[] {
  return [...source.matchAll(expression)].map((match) => match.index)
}
