import { nearestNames, suggestNames } from '../model/nearest-names.ts'
import { describeNode } from './describe-issue.ts'
import type { SourceNode } from './source/source-node.ts'

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
