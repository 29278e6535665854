import type { FastifyInstance } from 'fastify'
import { behaviorFor } from '../../model/behavior.ts'
import { listFields } from '../../engine/check.ts'
import { Fault } from '../../model/fault.ts'
import { autoMapped } from '../../rules/mapping/auto-map.ts'
import { offers } from '../../rules/mapping/offers.ts'
import { checkPorts } from '../check-ports.ts'
import { withWarehouse } from '../connections/warehouse-routes.ts'
import { DraftFault, draftProblem, type DraftProblem } from '../project/draft-fault.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { checkDraftLive } from './check-draft.ts'
import { checkDraft, offerMapping } from './contract.ts'

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
      const object = target.spec.objects.find(({ id }) => id === objectId)
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
