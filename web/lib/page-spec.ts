import type { ComponentType, ReactNode } from 'react'

/** A page of the UI. To add one, export a PageSpec named `page` from `pages/<page>/page.ts`. */
export interface PageSpec {
  /** Path in the router's syntax: `/runs/$run`. */
  readonly path: string
  /** Loads the page's code when it is first opened. */
  readonly load: () => Promise<ComponentType>
  /** Its entry in the left bar, if any. */
  readonly nav?: { readonly label: string; readonly order: number; readonly icon: ComponentType }
}

export function definePage(spec: PageSpec): PageSpec {
  return spec
}

export type Children = { readonly children: ReactNode }
