import type { SyncBehavior } from '../model/behavior.ts'
import { findObject, type TargetObject, type TargetSpec } from '../connect/target.ts'
import { activationKeys } from './activation-keys.ts'
import { checkBehavior, checkGroups, checkRecordKeys } from './check-activation.ts'
import type { ActivationConfig } from './config.ts'
import { describeNode, noSuch } from './describe-issue.ts'
import type { Path, ProblemList } from './problem-list.ts'
import { readIdentifiers } from './read-identifiers.ts'
import type { Schedule } from '../rules/schedule.ts'
import { keysOf } from './schema-walk.ts'
import { isBroken, nodeAt, type SourceEntry, type SourceMap } from './source/source-node.ts'
import { reportUnknownKey, validateNode } from './validate-node.ts'
import type { MappedField, Mapping } from '../model/mapping.ts'

/** What an activation may refer to. */
export interface ActivationSurroundings {
  readonly warehouses: readonly string[]
  /** Every target in the file. The spec is undefined if its type is unknown. */
  readonly targets: ReadonlyMap<string, TargetSpec | undefined>
  readonly behaviors: ReadonlyMap<string, SyncBehavior>
}

const genericKeys = keysOf(activationKeys)

/** Reads one activation. Returns undefined and adds problems if anything in it is wrong. */
export function readActivation(
  name: string,
  entry: SourceEntry,
  path: Path,
  around: ActivationSurroundings,
  problems: ProblemList,
): ActivationConfig | undefined {
  const before = problems.size
  const { node, position } = entry
  if (node.kind !== 'map') {
    problems.add(node.position, path, `expected a mapping (key: value), not ${describeNode(node, new Set())}`)
    return undefined
  }
  const at = (key: string) => ({ node: nodeAt(node, [key]), path: [...path, key], position })
  // Key by key, so that one wrong key does not hide other problems.
  const read = <Key extends keyof typeof activationKeys.shape>(key: Key) =>
    validateNode<(typeof activationKeys.shape)[Key]['_zod']['output']>(
      activationKeys.shape[key] as never,
      at(key),
      problems,
    )
  const refer = (key: string, named: string | undefined, valid: readonly string[], noun: string, listed: string) => {
    const written = at(key).node
    if (named === undefined || valid.includes(named) || written === undefined || isBroken(written)) return
    problems.add(written.position, [...path, key], noSuch(noun, named, written, valid, listed))
  }

  const warehouse = read('warehouse')
  refer('warehouse', warehouse, around.warehouses, 'warehouse', 'warehouses here')
  const target = read('target')
  refer('target', target, [...around.targets.keys()], 'target', 'targets here')
  const spec = target === undefined ? undefined : around.targets.get(target)
  const objectId = read('object')
  if (spec !== undefined)
    refer(
      'object',
      objectId,
      [
        ...spec.objects.map(({ id }) => id),
        ...(objectId !== undefined && spec.customObjects?.object(objectId) !== undefined ? [objectId] : []),
      ],
      `object of ${spec.name}`,
      'its objects',
    )
  const object = spec && objectId !== undefined ? findObject(spec, objectId) : undefined
  const behaviorId = read('behavior')
  refer('behavior', behaviorId, [...around.behaviors.keys()], 'behavior', 'behaviors')
  const behavior = behaviorId === undefined ? undefined : around.behaviors.get(behaviorId)
  if (object !== undefined && behavior !== undefined) {
    checkBehavior(
      behavior,
      object,
      around.behaviors,
      { node: at('behavior').node ?? node, path: [...path, 'behavior'] },
      problems,
    )
  }

  const settings = readSettings(node, entry, path, object, possibleObjects(target, spec, around), problems)
  if (object !== undefined && behavior !== undefined && settings !== undefined) {
    checkGroups(behavior, object, settings, node, path, problems)
  }

  const query = read('query')
  const identifiers = readIdentifiers(read('identifier'), object, node, entry, path, problems)
  const mapping = readMapping(read('mapping'), read('autoMap'), node, path, problems)
  const matches = read('matches')
  const changedRows = read('changedRows')
  const duplicates = read('duplicates')
  const adopts = read('adopts')
  if (behavior !== undefined && object !== undefined) {
    checkRecordKeys({ name, behavior, object, identifiers, mapping, matches, adopts }, node, path, problems)
  }
  const schedule = readSchedule(read('schedule'), read('cron'), read('timezone'), node, path, problems)
  const limits = read('limits')
  const verify = read('verify')
  const ownership = read('ownership')
  const drift = read('drift')
  const bookkeeping = read('bookkeeping')
  const timeLimitMs = read('timeLimit')
  if (
    problems.size > before ||
    warehouse === undefined ||
    query === undefined ||
    target === undefined ||
    objectId === undefined ||
    behaviorId === undefined ||
    identifiers === undefined ||
    settings === undefined ||
    matches === undefined ||
    changedRows === undefined ||
    duplicates === undefined ||
    limits === undefined ||
    verify === undefined ||
    ownership === undefined ||
    drift === undefined ||
    bookkeeping === undefined ||
    timeLimitMs === undefined
  )
    return undefined
  const queryNode = at('query').node
  return {
    name,
    warehouse,
    query,
    target,
    object: objectId,
    behavior: behaviorId,
    ...identifiers,
    mapping,
    matches,
    changedRows,
    duplicates,
    adopts,
    settings,
    schedule,
    limits,
    verify,
    ownership,
    drift,
    bookkeeping,
    timeLimitMs,
    position,
    queryPosition: queryNode?.kind === 'scalar' ? queryNode.textPosition : position,
  }
}

/**
 * Objects whose keys are allowed if the object is not known: all objects of the target, or of all targets if the target is
 * not known either. Undefined: any key, because the object may be a custom one.
 */
function possibleObjects(
  target: string | undefined,
  spec: TargetSpec | undefined,
  around: ActivationSurroundings,
): readonly TargetObject[] | undefined {
  if (spec === undefined && target !== undefined && around.targets.has(target)) return undefined
  const specs = spec === undefined ? [...around.targets.values()] : [spec]
  const isOpen = specs.length === 0 || specs.some((each) => each === undefined || each.customObjects !== undefined)
  return isOpen ? undefined : specs.flatMap((each) => each?.objects ?? [])
}

/** Reports unknown keys, and parses the object's own keys with its schema. */
function readSettings(
  node: SourceMap,
  entry: SourceEntry,
  path: Path,
  object: TargetObject | undefined,
  possible: readonly TargetObject[] | undefined,
  problems: ProblemList,
): Readonly<Record<string, unknown>> | undefined {
  const own = object !== undefined ? keysOf(object.settings) : (possible ?? []).flatMap((each) => keysOf(each.settings))
  const valid = [...new Set([...own, ...genericKeys])]
  const given = new Map<string, SourceEntry>()
  for (const [key, written] of node.entries) {
    if (genericKeys.includes(key)) continue
    if (own.includes(key)) given.set(key, written)
    else if (object !== undefined || possible !== undefined)
      reportUnknownKey(key, written.position, path, valid, problems)
  }
  if (object === undefined) return undefined
  const place = { node: { ...node, entries: given }, path, position: entry.position }
  return validateNode(object.settings, place, problems) as Readonly<Record<string, unknown>> | undefined
}

function readSchedule(
  schedule: Schedule | undefined,
  cron: string | undefined,
  timezone: string | undefined,
  node: SourceMap,
  path: Path,
  problems: ProblemList,
): Schedule | null {
  const written = (key: string) => node.entries.get(key)
  for (const key of ['cron', 'timezone']) {
    const extra = written(key)
    if (extra !== undefined && written('schedule') !== undefined) {
      problems.add(extra.position, [...path, key], `"${key}" cannot be combined with "schedule"; keep one of them`)
    } else if (extra !== undefined && key === 'timezone' && written('cron') === undefined) {
      problems.add(extra.position, [...path, key], '"timezone" requires "cron", which is not set')
    }
  }
  return schedule ?? (cron === undefined ? null : { cron, timezone: timezone ?? 'UTC' })
}

/** The mapping of values to Fields, as far as the file alone shows it; undefined if nothing is mapped. */
function readMapping(
  fields: readonly MappedField[] | undefined,
  autoMap: boolean | undefined,
  node: SourceMap,
  path: Path,
  problems: ProblemList,
): Mapping | undefined {
  for (const { field, from } of fields ?? []) {
    if (!('constant' in from) || typeof from.constant !== 'number') continue
    const at = ['mapping', field, 'constant']
    const written = nodeAt(node, at)
    // YAML reads 007 as 7, and we cannot know which one is meant.
    if (written?.kind === 'scalar' && written.written !== undefined && written.written !== String(from.constant)) {
      const message = `${written.written} is the number ${from.constant} in YAML; write that number, or put quotes around it to keep it as text`
      problems.add(written.position, [...path, ...at], message)
    }
  }
  return fields === undefined && autoMap !== true ? undefined : { fields: fields ?? [], autoMap: autoMap ?? false }
}
