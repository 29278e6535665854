import type { ZodType, z } from 'zod'
import type { Position } from './config.ts'
import { describeIssue } from './describe-issue.ts'
import { suggestNames } from '../model/nearest-names.ts'
import type { Path, ProblemList } from './problem-list.ts'
import { keysOf, secretScalars } from './schema-walk.ts'
import { nodeAt, originsOf, scalarsOf, toValue, type SourceNode, type SourceScalar } from './source/source-node.ts'

type Issue = z.core.$ZodIssue

/** The place of a value in the file, also if nothing is written there. */
export interface ValuePlace {
  readonly node: SourceNode | undefined
  readonly path: Path
  /** Position to report if nothing is written there. */
  readonly position: Position
}

/** Validates the value at a place. Returns undefined and adds problems if the schema does not accept it. */
export function validateNode<T>(schema: ZodType<T>, place: ValuePlace, problems: ProblemList): T | undefined {
  const replaced = new Map<SourceScalar, unknown>()
  for (;;) {
    const result = schema.safeParse(toValue(place.node, replaced))
    if (result.success) return result.data
    if (!readVariablesAsWanted(result.error.issues, place.node, replaced)) {
      const secrets = new Set(secretScalars(schema, place.node))
      for (const issue of result.error.issues.flatMap(clearest)) report(issue, schema, secrets, place, problems)
      return undefined
    }
  }
}

/**
 * Environment variables hold only text. If the schema expects a number or true/false and the scalar is one `${VAR}`,
 * its text is converted. Returns true if something was converted, so that validation is worth another try.
 */
function readVariablesAsWanted(
  issues: readonly Issue[],
  root: SourceNode | undefined,
  replaced: Map<SourceScalar, unknown>,
): boolean {
  let news = false
  for (const issue of issues.flatMap(everyIssue)) {
    const node = nodeAt(root, pathOf(issue))
    if (node?.kind !== 'scalar' || !node.wholeVariable || node.broken || replaced.has(node)) continue
    const text = String(node.value).trim()
    const read =
      text === 'true' ? true : text === 'false' ? false : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
    const fits =
      issue.code === 'invalid_type'
        ? (issue.expected === 'boolean') === (typeof read === 'boolean') &&
          ['number', 'int', 'boolean'].includes(issue.expected)
        : issue.code === 'invalid_value' && issue.values.includes(read as z.core.util.Primitive)
    if (read === undefined || !fits) continue
    replaced.set(node, read)
    news = true
  }
  return news
}

/** An issue, and for a union also the issues of all its options. */
function everyIssue(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  return [
    issue,
    ...issue.errors
      .flat()
      .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
      .flatMap(everyIssue),
  ]
}

/** The issues to show. For a union: those of the closest option, unless no option has the right type. */
function clearest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue]
  const near = issue.errors
    .filter((option) => !option.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'))
    .filter((option) => !option.some((inner) => inner.path.length === 0 && inner.code === 'invalid_value'))
    .sort((a, b) => a.length - b.length)[0]
  if (near === undefined) return [issue]
  return near.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(clearest)
}

function report(
  issue: Issue,
  schema: ZodType,
  secrets: ReadonlySet<SourceScalar>,
  place: ValuePlace,
  problems: ProblemList,
): void {
  const within = pathOf(issue)
  const path = [...place.path, ...within]
  const node = nodeAt(place.node, within)
  if (node?.kind === 'scalar' && node.broken) return
  if (node === undefined) {
    const parent = within.length > 1 ? nodeAt(place.node, within.slice(0, -1)) : undefined
    const message = issue.code === 'custom' ? issue.message : 'is required'
    problems.add(parent?.position ?? place.position, path, redact(message, place.node, secrets))
  } else if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const position = node.kind === 'map' ? node.entries.get(key)?.position : undefined
      reportUnknownKey(key, position ?? node.position, path, keysOf(schema, within), problems)
    }
  } else if (issue.code !== 'custom' || !scalarsOf(node).some((scalar) => scalar.broken)) {
    const position = within.length === 0 && node.kind !== 'scalar' ? place.position : node.position
    problems.add(position, path, redact(describeIssue(issue, node, secrets), node, secrets))
  }
}

/** New names of renamed keys, by `parent.key`. */
const renamed: Readonly<Record<string, string>> = { 'limits.refused': 'invalid' }

/** `unknown key "tagz"; did you mean "tags"? valid keys: …` */
export function reportUnknownKey(
  key: string,
  position: Position,
  path: Path,
  valid: readonly string[],
  problems: ProblemList,
): void {
  // YAML reads `{token:abc}` as one key, and a part of it may be a secret.
  const start = /^([^:]+):/.exec(key)?.[1]
  const shown = start === undefined ? key : `${start}:…`
  const now = renamed[`${String(path.at(-1))}.${key}`]
  if (now !== undefined)
    return problems.add(position, [...path, shown], `"${key}" is now called "${now}"; write "${now}" instead`)
  const advice = start === undefined ? suggestNames(key, valid, 'valid keys') : '; put a space after the colon'
  problems.add(position, [...path, shown], `unknown key "${shown}"${advice}`)
}

/** A connector's message may quote the value, so secrets and values of variables are removed from it. */
function redact(message: string, node: SourceNode | undefined, secrets: ReadonlySet<SourceScalar>): string {
  return scalarsOf(node)
    .filter((scalar) => secrets.has(scalar) || originsOf(scalar).length > 0)
    .map((scalar) => ({ hidden: String(scalar.value).trim(), shown: originsOf(scalar).join('') || '***' }))
    .filter(({ hidden }) => hidden !== '')
    .sort((a, b) => b.hidden.length - a.hidden.length)
    .reduce((text, { hidden, shown }) => text.replaceAll(hidden, () => shown), message)
}

function pathOf(issue: Issue): Path {
  return issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
}
