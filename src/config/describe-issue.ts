import type { z } from 'zod'
import { suggestNames, nearestNames } from '../model/nearest-names.ts'
import { originsOf, type SourceNode, type SourceScalar } from './source/source-node.ts'

type Issue = z.core.$ZodIssue

/**
 * A zod issue as a message for the author of the file. Shows a value only if it is not secret and not from the
 * environment.
 */
export function describeIssue(issue: Issue, node: SourceNode, secrets: ReadonlySet<SourceScalar>): string {
  if (node.kind === 'scalar' && node.value === null) return 'has no value; add a value, or remove the line'
  if (!/^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return expected([issue.expected], node, secrets)
    case 'invalid_union':
      return expected(
        issue.errors.flatMap((option) => option.map(typeWanted)),
        node,
        secrets,
      )
    case 'invalid_value':
      return describeChoice(issue.values.map(String), node, secrets)
    case 'invalid_format':
      return `${describeNode(node, secrets)} is not a valid ${issue.format}`
    case 'too_small':
      return describeSize(issue.origin, 'at least', Number(issue.minimum))
    case 'too_big':
      return describeSize(issue.origin, 'at most', Number(issue.maximum))
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    default:
      return `${describeNode(node, secrets)} is not valid here`
  }
}

/** `the text "abc"`, `a list`, `the text from ${PORT}`. */
export function describeNode(node: SourceNode, secrets: ReadonlySet<SourceScalar>): string {
  if (node.kind === 'map') return 'a mapping'
  if (node.kind === 'list') return 'a list'
  const origins = originsOf(node)
  if (origins.length > 0) return `the text from ${origins.join(' and ')}`
  const type = typeof node.value === 'string' ? 'text' : typeof node.value === 'number' ? 'number' : 'value'
  if (secrets.has(node)) return `the ${type}`
  const shown = JSON.stringify(node.value)
  return `the ${type} ${shown.length > 60 ? `${shown.slice(0, 59)}…` : shown}`
}

function expected(types: readonly string[], node: SourceNode, secrets: ReadonlySet<SourceScalar>): string {
  const wanted = [...new Set(types.map((type) => typeNames[type] ?? type))].join(' or ')
  const advice =
    types.includes('string') && node.kind === 'scalar' && typeof node.value !== 'string' ? '; put quotes around it' : ''
  return `expected ${wanted}, not ${describeNode(node, secrets)}${advice}`
}

function typeWanted(issue: Issue): string {
  if (issue.code === 'invalid_type') return issue.expected
  return issue.code === 'invalid_value'
    ? issue.values.map((value) => JSON.stringify(value)).join(' or ')
    : 'another value'
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list',
}

function describeChoice(values: readonly string[], node: SourceNode, secrets: ReadonlySet<SourceScalar>): string {
  const written = node.kind === 'scalar' && originsOf(node).length === 0 && !secrets.has(node) ? String(node.value) : ''
  const what = `${describeNode(node, secrets)} is not valid here`
  return written === '' ? `${what}; valid: ${values.join(', ')}` : what + suggestNames(written, values, 'valid')
}

function describeSize(origin: string, bound: string, size: number): string {
  if (origin === 'string')
    return bound === 'at least' && size === 1 ? 'is empty' : `must have ${bound} ${size} characters`
  if (origin === 'array') return `must list ${bound} ${size === 1 ? 'one' : size}`
  return `must be ${bound} ${size}`
}

/** `no warehouse "shp"; did you mean "shop"? warehouses here: shop, two`. */
export function noSuch(
  noun: string,
  named: string,
  written: SourceNode,
  valid: readonly string[],
  listed: string,
): string {
  if (valid.length === 0) return `there is no ${noun} in this file`
  if (written.kind === 'scalar' && written.variables.length > 0) {
    return `${describeNode(written, new Set())} is not the name of a ${noun}; ${listed}: ${valid.join(', ')}`
  }
  const near = nearestNames(named, valid)
  return `no ${noun} "${named}"${suggestNames(named, [...near, ...valid.filter((each) => !near.includes(each))], listed)}`
}
