import { createHash } from 'node:crypto'
import { digestSnapshot } from '../../bookkeeping/digests.ts'
import { nameOfAbsentGroup } from '../../model/absent-groups.ts'
import type { Activation } from '../activation.ts'
import type { RunContext } from '../run-context.ts'
import type { PlannedRun } from '../steps/plan.ts'
import { redactor } from '../../http/redact.ts'

/** The inputs of a Plan. Equal inputs and the same state of the Target give the same Plan. */
export interface PlanBasis {
  /** Digest of the rows. */
  readonly query: string
  /** Digest of the Snapshot. */
  readonly snapshot: string
  /** A digest for each relevant part of tailrace.yaml. Secrets are left out. */
  readonly config: Readonly<Record<string, string>>
  readonly target: {
    readonly account: string
    readonly groups: readonly { readonly name: string; readonly id: string | null }[]
  }
}

/** Computes the basis of a Plan. It must have been made with `exact`. */
export async function weighBasis(
  activation: Activation,
  { ports, row }: RunContext,
  { link, readDigest }: PlannedRun,
): Promise<PlanBasis> {
  if (readDigest === undefined) throw new Error('the basis of a Plan that was made without `exact`')
  return {
    query: readDigest,
    snapshot: await digestSnapshot(ports.database, row.id),
    config: configDigests(activation),
    target: {
      account: link.account.accountId,
      groups: link.resolved.groups.map(({ name, id }) => ({ name, id })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
  }
}

/** The parts of the basis that changed, in words. */
export function changedParts(was: PlanBasis, is: PlanBasis): string[] {
  const keys = Object.keys(is.config).filter((key) => was.config[key] !== is.config[key])
  const names = ({ target }: PlanBasis) =>
    target.groups
      .map(({ name, id }) => {
        if (id === null) return `"${name}" (to be created)`
        return nameOfAbsentGroup(id) === undefined ? `"${name}" (id ${id})` : `"${name}" (does not exist)`
      })
      .join(', ')
  return [
    keys.length > 0 ? `tailrace.yaml (${keys.join(', ')})` : '',
    was.query === is.query ? '' : "the query's result",
    was.snapshot === is.snapshot ? '' : 'the state of the activation after earlier Runs',
    was.target.account === is.target.account
      ? ''
      : `the account (it was ${was.target.account}, and the token now belongs to ${is.target.account})`,
    names(was) === names(is) ? '' : `the Target's tags (${names(was)} then, ${names(is)} now)`,
  ].filter((part) => part !== '')
}

function configDigests({
  query,
  warehouse,
  target,
  object,
  behavior,
  identifier,
  fallbacks,
  mapping,
  matches,
  changedRows,
  duplicates,
  settings,
  limits,
  ownership,
}: Activation): Record<string, string> {
  const redact = redactor([...warehouse.secrets, ...target.secrets])
  const parts = {
    query,
    object: object.id,
    behavior: behavior.id,
    identifier: [identifier, fallbacks ?? []],
    mapping: [mapping, matches, changedRows],
    duplicates: duplicates ?? 'refuse',
    settings,
    limits,
    ownership,
    warehouse: [warehouse.name, warehouse.spec.id, warehouse.config],
    target: [target.name, target.spec.id, target.config],
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      createHash('sha256')
        .update(redact(JSON.stringify(part)))
        .digest('hex')
        .slice(0, 16),
    ]),
  )
}
