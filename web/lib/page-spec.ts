import type { ComponentType, ReactNode } from 'react'

/** A page of the UI: `pages/<page>/page.ts` exports one as `page`, and that is all it takes to have it. */
export interface PageSpec {
  /** In the router's way: `/runs/$run`. */
  readonly path: string
  /** Loads the page's code, when it is first wanted. */
  readonly load: () => Promise<ComponentType>
  /** Its place in the left bar, if it has one. */
  readonly nav?: { readonly label: string; readonly order: number; readonly icon: ComponentType }
}

export function definePage(spec: PageSpec): PageSpec {
  return spec
}

export type Children = { readonly children: ReactNode }
