import type { Pool } from 'pg'
import { assembleActivation } from '../assemble.ts'
import type { Connectors, TailraceConfig } from '../config/config.ts'
import type { Activation } from '../engine/activation.ts'
import { runActivation } from '../engine/run.ts'
import { Fault } from '../model/fault.ts'
import { readInvalidRows } from '../store/ledger/invalid-rows.ts'
import { readOutcomes, type LedgerEntry } from '../store/ledger/ledger.ts'
import type { Host, Intercom } from '../server/process/host.ts'
import { portsOf } from '../server/process/local-project.ts'
import { differences, type CaseDifference, type Came } from './differences.ts'
import { givenRows } from './given-rows.ts'
import { kinds, membershipsIn, workspaceOf } from './memberships.ts'
import type { Case, CaseStep } from './read-cases.ts'
import { bodyOf, wholeRecordsIn } from './whole-records.ts'

/** What all cases run with. */
export interface CaseHarness {
  readonly host: Host
  readonly config: TailraceConfig
  readonly connectors: Connectors
  readonly intercom: Intercom
  readonly pool: Pool
}

export interface CaseResult {
  readonly case: Case
  readonly durationMs: number
  /** Empty when the case passed. `step` is empty for the first Run, which has no name. */
  readonly failures: readonly { readonly step: string; readonly differences: readonly CaseDifference[] }[]
}

/** Runs one case up to its first failed step. `serial` separates it from the other cases on the same emulator. */
export async function runCase(harness: CaseHarness, test: Case, serial: number): Promise<CaseResult> {
  const { host, intercom, config, connectors } = harness
  const startedAt = host.now()
  intercom.reset(workspaceOf(test.before))
  fill(intercom, test)
  const assembled = await assembleActivation(config, test.activation, connectors)
  // State is stored under the Activation's name. A unique name gives each case a fresh start.
  const activation = { ...assembled, name: `${assembled.name} (case ${serial})` }
  for (const step of test.steps) {
    for (const edit of step.edits) apply(edit, intercom, test)
    const found = differences(step.expect, await perform(harness, test, activation, step))
    if (found.length > 0)
      return { case: test, durationMs: host.now() - startedAt, failures: [{ step: step.name, differences: found }] }
  }
  return { case: test, durationMs: host.now() - startedAt, failures: [] }
}

async function perform(
  { host, intercom, pool }: CaseHarness,
  test: Case,
  activation: Activation,
  { rows }: CaseStep,
): Promise<Came> {
  const given =
    rows === 'run'
      ? activation
      : {
          ...activation,
          warehouse: {
            name: activation.warehouse.name,
            spec: givenRows(rows, activation, test.columns),
            config: undefined,
            secrets: [],
          },
        }
  const before = membershipsIn(intercom, test.before)
  const wholes = () => (test.wholes === undefined ? new Map() : wholeRecordsIn(intercom, test.wholes, test.before))
  const targetRecords = wholes()
  const report = await runActivation(
    given,
    portsOf(host, pool, () => undefined),
  )
  if (host.stops.stop.aborted) throw new Fault('cancelled', 'Cancelled.', { code: 'cancelled' })
  const rejected: LedgerEntry[] = []
  for await (const page of readOutcomes(pool, report.run, ['rejected'], 1000)) rejected.push(...page)
  return {
    report,
    rejected,
    invalid: (await Array.fromAsync(readInvalidRows(pool, report.run))).flat(),
    before,
    after: membershipsIn(intercom, test.before),
    tags: intercom.world.summary().tags.map(({ name }) => name),
    targetRecords: { before: targetRecords, after: wholes() },
  }
}

/** Sets the Fields of the records in `before`, before the first Run. */
function fill(intercom: Intercom, test: Case): void {
  for (const [name, { fields }] of Object.entries(test.before.contacts))
    if (fields !== undefined) apply({ changeContact: name, fields }, intercom, test)
  for (const [name, { fields }] of Object.entries(test.before.companies))
    if (fields !== undefined) apply({ changeCompany: name, fields }, intercom, test)
}

/** The id of the contact with this name. One that is not in `before` is found by the identifier it was created with. */
function contactId({ world }: Intercom, { before }: Case, name: string): string {
  return Object.hasOwn(before.contacts, name)
    ? name
    : ((world.contact({ external_id: name }) ?? world.contact({ email: name }))?.id ?? name)
}

function apply(edit: CaseStep['edits'][number], intercom: Intercom, test: Case): void {
  const { world } = intercom
  const {
    file,
    name,
    before: { attributes },
  } = test
  try {
    if ('membership' in edit) {
      const { of, targetRecord, tag } = edit.membership
      if (edit.put) world.attach(kinds[of], targetRecord, tag)
      else world.detach(kinds[of], targetRecord, tag)
    } else if ('createTag' in edit) world.createTag(edit.createTag)
    else if ('renameTag' in edit) world.renameTag(edit.renameTag, edit.to)
    else if ('deleteTag' in edit) world.deleteTag(edit.deleteTag)
    else if ('changeContact' in edit)
      world.changeContact(contactId(intercom, test, edit.changeContact), bodyOf(edit.fields, attributes.contact))
    else if ('changeCompany' in edit) world.changeCompany(edit.changeCompany, bodyOf(edit.fields, attributes.company))
    else if ('archiveContact' in edit) world.archiveContact(contactId(intercom, test, edit.archiveContact))
    else if ('unarchiveContact' in edit) world.unarchiveContact(contactId(intercom, test, edit.unarchiveContact))
    else if ('deleteContact' in edit) world.deleteContact(contactId(intercom, test, edit.deleteContact))
    else world.deleteCompany(edit.deleteCompany)
  } catch (error) {
    // The emulated workspace has no such record or tag at this step. The case file alone cannot show this, so it is not
    // checked when the file is read.
    throw new Fault(
      'usage',
      `"${name}": an edit cannot be made: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: 'edit-impossible',
        where: file,
        cause: error,
      },
    )
  }
}
