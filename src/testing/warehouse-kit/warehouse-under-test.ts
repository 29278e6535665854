import type { WarehouseSpec } from '../../connect/warehouse.ts'
import type { FaultKind } from '../../model/fault.ts'

/** A warehouse that runs, and the few things about its SQL that differ from one to the next. */
export interface WarehouseUnderTest {
  readonly spec: WarehouseSpec
  /** As in tailrace.yaml, without `type`. */
  readonly config: unknown
  readonly baseDir: string
  /** Passwords and the like, in `config` and in `broken`: none may ever be said. */
  readonly secrets: readonly string[]
  readonly sql: {
    /** A query with a text column `id` (`0`, `1`, ...) and a text column `label`, in the order of `id`. */
    rows(count: number): string
    /** One value of two bytes, 00 and FF. */
    readonly bytes: string
    /** Values that are lists, structures, maps: each with the JSON that it must become, and the names that it lists; null: it is no list of names. */
    readonly structures: readonly (readonly [value: string, json: string, names: readonly string[] | null])[]
    /** Years before Christ: a date, and a time with a zone, as `0044-03-15 BC` and `0044-03-15T00:00:00+00:00 BC`. */
    readonly beforeChrist: readonly [date: string, zoned: string]
    /** A query with a column `x` that has columns and types, and fails as soon as a row is read. */
    readonly failsWhenRead: string
    /** A query with a column `n` that would run for hours. */
    readonly endless: string
    /** Statements that would change what `state` sees, or the session; each must be refused. */
    readonly writes: readonly string[]
  }
  /** Whatever `sql.writes` would change. */
  state(): Promise<unknown>
  /** Does the warehouse still work for us, or hold anything for us? Asked again until it does not. */
  isBusy(): Promise<boolean>
  /** Configurations that cannot connect, and the Fault that must say so. */
  readonly broken: readonly { readonly name: string; readonly config: unknown; readonly kind: FaultKind; readonly code: string }[]
  teardown(): Promise<void>
}
