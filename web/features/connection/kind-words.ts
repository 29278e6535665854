import type { ComponentType } from 'react'
import { TargetsIcon, WarehousesIcon } from '../../ui/icons.tsx'

export type Kind = 'warehouses' | 'targets'

interface KindWords {
  readonly one: string
  readonly many: string
  readonly add: string
  readonly selectType: string
  readonly what: string
  readonly empty: string
  readonly icon: ComponentType
  /** The route of one Connection. */
  readonly detail: '/warehouses/$name' | '/targets/$name'
}

/** UI texts for each kind of Connection. */
export const kindWords: Readonly<Record<Kind, KindWords>> = {
  warehouses: {
    one: 'Warehouse', many: 'Warehouses', add: 'ADD WAREHOUSE', selectType: 'Select a Warehouse Type', detail: '/warehouses/$name', icon: WarehousesIcon,
    what: 'Where the queries of your Activations read. Tailrace only reads there.',
    empty: 'A Warehouse is the database that your queries read from. Tailrace needs no more than SELECT there.',
  },
  targets: {
    one: 'Target', many: 'Targets', add: 'ADD TARGET', selectType: 'Select a Target Type', detail: '/targets/$name', icon: TargetsIcon,
    what: 'The tools that your Activations write to.',
    empty: 'A Target is the tool that your Activations write to, with the token that allows it.',
  },
}
