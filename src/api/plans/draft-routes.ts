import type { FastifyInstance } from 'fastify'
import { findObject } from '../../connect/target.ts'
import { behaviorFor } from '../../model/behavior.ts'
import { listFields, checkActivationTarget, reachTarget } from '../../engine/check.ts'
import { Fault } from '../../model/fault.ts'
import { autoMapped } from '../../rules/mapping/auto-map.ts'
import { offers } from '../../rules/mapping/offers.ts'
import { checkPorts } from '../engine-ports.ts'
import { withWarehouse } from '../connections/warehouse-routes.ts'
import { DraftFault, draftProblem, type DraftProblem } from '../project/draft-fault.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { checkDraft, offerMapping } from './contract.ts'
import type { Activation } from '../../engine/activation.ts'
import { checkQuery } from '../../engine/steps/read/check-query.ts'
import { mappingProblems } from '../../engine/steps/read/map-fields.ts'
import type { Column } from '../../model/row.ts'
import { pointerOf } from '../project/json-pointer.ts'

export function routes(app: FastifyInstance, services: Services): void {
  const { project } = services

  mount(app, services, checkDraft, async ({ body: { name = 'draft', config }, signal }) => {
    let errors: readonly DraftProblem[]
    try {
      errors = await checkDraftLive(services, await project.draftActivation(name, config), signal)
    } catch (error) {
      if (error instanceof DraftFault)
        errors = error.errors.map((each) => ({ ...each, pointer: each.pointer.replace(/^\/config(?=\/|$)/, '') }))
      else if (Fault.is(error) && error.code === 'connection-broken')
        errors = [{ pointer: '', detail: error.message, code: error.code }]
      else throw error
    }
    return { ok: errors.length === 0, errors: [...errors] }
  })

  mount(
    app,
    services,
    offerMapping,
    async ({ body: { warehouse, query, target: targetName, object: objectId, behavior: behaviorId }, signal }) => {
      const target = await project.connection('targets', targetName)
      const object = findObject(target.spec, objectId)
      if (object === undefined)
        throw draftProblem('/object', `the target "${targetName}" has no object "${objectId}"`, 'config-invalid')
      const behavior = project.connectors.behaviors.get(behaviorId)
      if (behavior === undefined || behaviorFor(behavior, object) === undefined)
        throw draftProblem('/behavior', `"${behaviorId}" cannot be used with ${objectId}`, 'config-invalid')
      const [columns, fields] = await Promise.all([
        withWarehouse(services, warehouse, signal, (session) => session.columns(query)),
        object.group === undefined ? listFields(target, object, checkPorts(services, signal)) : [],
      ])
      const identifiers = object.identifiers.map(({ field, accepts }) => ({
        field,
        columns: columns.filter(({ type }) => accepts.includes(type)).map(({ name }) => name),
      }))
      // The user chooses identifiers later, so no column is excluded here.
      const nothing = { field: '', column: '' }
      const suggested = autoMapped({
        identifier: nothing,
        fallbacks: [],
        identifiers: object.identifiers,
        mapping: { fields: [], autoMap: true },
        columns,
        fields,
        creates: true,
        updates: true,
      })
      const columnFor = (field: string) =>
        suggested
          .filter((mapped) => mapped.field === field)
          .map(({ from }) => ('column' in from ? from.column : undefined))[0] ?? null
      return {
        identifiers,
        fields: fields
          .filter(({ writable }) => writable)
          .map((field) => ({
            field: field.name,
            columns: offers(columns, field).map(({ name }) => name),
            suggested: columnFor(field.name),
          })),
      }
    },
  )
}

/** Checks a valid draft against its Warehouse and Target, without reading rows. Returns all problems with pointers. */
async function checkDraftLive(
  services: Services,
  activation: Activation,
  signal: AbortSignal,
): Promise<readonly DraftProblem[]> {
  const problems: DraftProblem[] = []
  const attempt = async <T>(pointer: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!Fault.is(error) || error.kind === 'bug' || error.kind === 'cancelled') throw error
      problems.push({
        pointer,
        detail: services.redact([error.message, error.advice].filter((words) => words !== undefined).join(' ')),
        code: error.code,
      })
      return undefined
    }
  }
  const columns = await attempt('/warehouse', () =>
    withWarehouse(
      services,
      activation.warehouse.name,
      signal,
      async (session) => await attempt('/query', () => session.columns(activation.query)),
    ),
  )
  if (columns !== undefined) await attempt('/identifier', () => Promise.resolve(checkQuery(activation, columns)))
  const { object, target } = activation
  const { client, io } = reachTarget(target, checkPorts(services, signal))
  try {
    await attempt(pointerOf([object.group?.setting ?? 'target']), () => checkActivationTarget(activation, { io }))
    if (columns !== undefined)
      problems.push(
        ...((await attempt('/target', () =>
          mappingTrouble(activation, columns, async () => (await object.fields?.list(io)) ?? []),
        )) ?? []),
      )
  } finally {
    await client.close()
  }
  return problems
}

async function mappingTrouble(
  activation: Activation,
  columns: readonly Column[],
  fields: () => Promise<Parameters<typeof mappingProblems>[2]>,
): Promise<readonly DraftProblem[]> {
  return mappingProblems(activation, columns, await fields()).map(({ field, message, advice, code }) => ({
    pointer: pointerOf(['mapping', ...(field === '' ? [] : [field])]),
    detail: `${message} ${advice}`,
    code,
  }))
}
