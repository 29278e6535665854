import type { z } from 'zod'
import { behaviorFor, type SyncBehavior } from '../../model/behavior.ts'
import type { TargetObject } from '../../connect/target.ts'
import { connectorSchema } from './connector-schema.ts'
import type { behaviorOffer, targetObject } from './contract.ts'

/** A TargetObject for the API, with the behaviors that it supports. */
export function showObject(object: TargetObject, behaviors: Iterable<SyncBehavior>): z.output<typeof targetObject> {
  const { id, label, identifiers, settings, group, fields } = object
  return {
    id,
    label,
    identifiers: identifiers.map(({ field, label: words, accepts, manyMatch = false, found = false }) => ({
      field,
      label: words,
      accepts: [...accepts],
      manyMatch,
      found,
    })),
    behaviors: [...behaviors]
      .map((behavior) => behaviorFor(behavior, object))
      .filter((behavior) => behavior !== undefined)
      .map((behavior) => offer(behavior, object)),
    settings: connectorSchema(settings),
    members:
      group === undefined
        ? null
        : {
            setting: group.setting,
            noun: group.noun,
            createSetting: group.createSetting ?? null,
            canBeListed: group.list !== undefined,
          },
    hasFields: fields !== undefined,
  }
}

function offer(
  { id, label, help, plan, groups: group, manyMatch = false }: SyncBehavior,
  object: TargetObject,
): z.output<typeof behaviorOffer> {
  const asked = Object.values(plan)
  return {
    id,
    label,
    help,
    members:
      object.group === undefined || group === undefined
        ? null
        : {
            max: Number.isFinite(group.max) ? group.max : null,
            mayCreate: group.mayCreate && object.group.createSetting !== undefined,
          },
    removes: plan.removed !== null,
    manyMatch,
    mapsFields:
      object.group === undefined &&
      asked.some((operation) => operation === 'create' || operation === 'update' || operation === 'upsert'),
  }
}
