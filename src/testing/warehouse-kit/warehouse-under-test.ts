import type { WarehouseSpec } from '../../connect/warehouse.ts'
import type { FaultKind } from '../../model/fault.ts'

/** A running warehouse, with the SQL that differs between warehouses. */
export interface WarehouseUnderTest {
  readonly spec: WarehouseSpec
  /** As in tailrace.yaml, without `type`. */
  readonly config: unknown
  readonly baseDir: string
  /** Secrets in `config` and `broken`. None may appear in a log line or an error. */
  readonly secrets: readonly string[]
  readonly sql: {
    /** A query with a text column `id` (`0`, `1`, ...) and a text column `label`, in the order of `id`. */
    rows(count: number): string
    /** One value of two bytes, 00 and FF. */
    readonly bytes: string
    /** Lists, structures and maps in SQL, each with its expected JSON and its names. `null`: not a list of names. */
    readonly structures: readonly (readonly [value: string, json: string, names: readonly string[] | null])[]
    /**
     * Years before Christ: a date and a time with a zone, read as `0044-03-15 BC` and `0044-03-15T00:00:00+00:00 BC`.
     */
    readonly beforeChrist: readonly [date: string, zoned: string]
    /** A query with a column `x` that can be described, but fails when a row is read. */
    readonly failsWhenRead: string
    /** A query with a column `n` that would run for hours. */
    readonly endless: string
    /** Statements that would change what `state` returns, or the session. The warehouse must reject each one. */
    readonly writes: readonly string[]
  }
  /** Everything that `sql.writes` could change, in a form that can be compared. */
  state(): Promise<unknown>
  /** Whether the warehouse still runs a query or holds a resource for the session. The kit polls until it is false. */
  isBusy(): Promise<boolean>
  /** Configurations that cannot connect, and the Fault that each must cause. */
  readonly broken: readonly {
    readonly name: string
    readonly config: unknown
    readonly kind: FaultKind
    readonly code: string
  }[]
  teardown(): Promise<void>
}
