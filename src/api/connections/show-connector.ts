import { z, type ZodType } from 'zod'
import { behaviorFor, behaviorWords, type SyncBehavior } from '../../model/behavior.ts'
import type { TargetObject } from '../../connect/target.ts'
import type { behaviorOffer, targetObject } from './contract.ts'

/** A TargetObject for the API, with the behaviors that it supports. */
export function showObject(object: TargetObject, behaviors: Iterable<SyncBehavior>): z.output<typeof targetObject> {
  const { id, label, noun, identifiers, settings, group, fields } = object
  return {
    id,
    label,
    noun,
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
      .toSorted((one, other) => dangerOf(one) - dangerOf(other))
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

/** The order of behaviors for people: the most usual first, what removes target records last. */
function dangerOf({ plan }: SyncBehavior): number {
  if (plan.added === 'delete') return 5
  if (plan.added === 'archive') return 4
  if (plan.removed !== null) return 3
  return plan.added === 'upsert' || plan.added === 'attach' ? 0 : plan.added === 'create' ? 2 : 1
}

function removesRecords({ plan }: SyncBehavior): boolean {
  return plan.added === 'delete' || plan.added === 'archive'
}

function offer(behavior: SyncBehavior, object: TargetObject): z.output<typeof behaviorOffer> {
  const { id, plan, groups: group, manyMatch = false } = behavior
  const asked = Object.values(plan)
  return {
    id,
    ...behaviorWords(behavior, object),
    members:
      object.group === undefined || group === undefined
        ? null
        : {
            max: Number.isFinite(group.max) ? group.max : null,
            mayCreate: group.mayCreate && object.group.createSetting !== undefined,
          },
    removes: plan.removed !== null,
    manyMatch,
    operations: { ...plan },
    removesRecords: removesRecords(behavior),
    mapsFields:
      object.group === undefined &&
      asked.some((operation) => operation === 'create' || operation === 'update' || operation === 'upsert'),
  }
}

/**
 * Converts a zod schema to the JSON Schema of the user's input, with titles, descriptions and `secret: true`. For input
 * that is transformed first, shows the schema of the result, because only that lists the choices.
 */
export function connectorSchema(schema: ZodType): unknown {
  const { $schema: _dialect, ...shown } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = (zodSchema as z.core.$ZodTypes)._zod
      if (def.type !== 'pipe' || (def.in as z.core.$ZodTypes)._zod.def.type !== 'transform') return
      const { $schema: _inner, ...meant } = z.toJSONSchema(def.out, { io: 'input', unrepresentable: 'any' })
      Object.assign(jsonSchema, meant)
    },
  })
  return shown
}
