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
    one: 'Warehouse',
    many: 'Warehouses',
    add: 'ADD WAREHOUSE',
    selectType: 'Select a Warehouse Type',
    detail: '/warehouses/$name',
    icon: WarehousesIcon,
    what: 'The databases that the queries of your Activations read. Tailrace only reads them.',
    empty: 'A Warehouse is the database that your queries read. Tailrace needs only the SELECT permission.',
  },
  targets: {
    one: 'Target',
    many: 'Targets',
    add: 'ADD TARGET',
    selectType: 'Select a Target Type',
    detail: '/targets/$name',
    icon: TargetsIcon,
    what: 'The tools that your Activations write to.',
    empty: 'A Target is a tool that your Activations write to, with the token for it.',
  },
}
