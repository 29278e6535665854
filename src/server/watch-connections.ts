import type { Activation } from '../engine/activation.ts'
import { Fault } from '../model/fault.ts'

/** Saves the health of a Connection after a Run used it. No Fault means healthy. */
export type SaveHealth = (section: 'warehouses' | 'targets', name: string, fault: Fault | undefined) => Promise<void>

/** Wraps an Activation so that each Run records the health of its Connections, for their pages and lists. */
export function watchConnections(activation: Activation, note: SaveHealth): Activation {
  const { warehouse, target } = activation
  const noting = async <Found>(
    section: 'warehouses' | 'targets',
    name: string,
    isItsOwn: (fault: Fault) => boolean,
    work: () => Promise<Found>,
  ): Promise<Found> => {
    try {
      const found = await work()
      await note(section, name, undefined)
      return found
    } catch (error) {
      if (Fault.is(error) && isItsOwn(error)) await note(section, name, error)
      throw error
    }
  }
  return {
    ...activation,
    warehouse: {
      ...warehouse,
      spec: {
        ...warehouse.spec,
        async open(config, context) {
          const session = await noting('warehouses', warehouse.name, unlessStopped, () =>
            warehouse.spec.open(config, context),
          )
          // Some warehouses connect only at the first query. An error in the query itself does not make the Warehouse
          // unhealthy.
          return {
            ...session,
            columns: (sql) => noting('warehouses', warehouse.name, isAway, () => session.columns(sql)),
          }
        },
      },
    },
    target: {
      ...target,
      spec: {
        ...target.spec,
        identify: (io) => noting('targets', target.name, unlessStopped, () => target.spec.identify(io)),
      },
    },
  }
}

function unlessStopped({ kind }: Fault): boolean {
  return kind !== 'cancelled' && kind !== 'bug'
}

function isAway({ kind }: Fault): boolean {
  return kind === 'auth' || kind === 'transient'
}
