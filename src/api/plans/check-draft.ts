import type { Activation } from '../../engine/activation.ts'
import { checkActivationTarget, reachTarget } from '../../engine/check.ts'
import { checkQuery } from '../../engine/steps/read/check-query.ts'
import { mappingProblems } from '../../engine/steps/read/map-fields.ts'
import { Fault } from '../../model/fault.ts'
import type { Column } from '../../model/row.ts'
import { checkPorts } from '../check-ports.ts'
import { withWarehouse } from '../connections/warehouse-routes.ts'
import type { DraftProblem } from '../project/draft-fault.ts'
import { pointerOf } from '../project/json-pointer.ts'
import type { Services } from '../services.ts'

/** Checks a valid draft against its Warehouse and Target, without reading rows. Returns all problems with pointers. */
export async function checkDraftLive(
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
          mappingTrouble(activation, columns, async () => (await object.fields?.list(io, target.config)) ?? []),
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
