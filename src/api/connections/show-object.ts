import type { z } from 'zod'
import { behaviorFor, type SyncBehavior } from '../../model/behavior.ts'
import type { TargetObject } from '../../connect/target.ts'
import { connectorSchema } from './connector-schema.ts'
import type { behaviorOffer, targetObject } from './contract.ts'

/** A TargetObject as people choose it, with the behaviors it can do. */
export function showObject(object: TargetObject, behaviors: Iterable<SyncBehavior>): z.output<typeof targetObject> {
  const { id, label, identifiers, settings, members, fields } = object
  return {
    id, label,
    identifiers: identifiers.map(({ field, label: words, accepts, manyMatch = false, found = false }) => ({ field, label: words, accepts: [...accepts], manyMatch, found })),
    behaviors: [...behaviors].map((behavior) => behaviorFor(behavior, object)).filter((behavior) => behavior !== undefined).map((behavior) => offer(behavior, object)),
    settings: connectorSchema(settings),
    members: members === undefined ? null : { setting: members.setting, noun: members.noun, createSetting: members.createSetting ?? null, canBeListed: members.list !== undefined },
    hasFields: fields !== undefined,
  }
}

function offer({ id, label, help, plan, members, manyMatch = false }: SyncBehavior, object: TargetObject): z.output<typeof behaviorOffer> {
  const asked = Object.values(plan)
  return {
    id, label, help,
    members: object.members === undefined || members === undefined ? null
      : { max: Number.isFinite(members.max) ? members.max : null, mayCreate: members.mayCreate && object.members.createSetting !== undefined },
    removes: plan.removed !== null, manyMatch,
    mapsFields: object.members === undefined && asked.some((operation) => operation === 'create' || operation === 'update' || operation === 'upsert'),
  }
}
