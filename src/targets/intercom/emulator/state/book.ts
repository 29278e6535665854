/**
 * The records of one kind: values computed from the seed, and on top whole records that were created or changed. So a
 * million seeded records cost nothing, and each written one costs its record and its index entries.
 */
export interface Book<R extends object, Name extends string> {
  /** One field of a record, without building the whole record. */
  get<Field extends keyof R>(targetRecord: number, field: Field): R[Field]
  of(targetRecord: number): R
  put(targetRecord: number, record: R): void
  has(targetRecord: number): boolean
  /** Numbers of the records with this name, ascending. */
  find(by: Name, name: string): readonly number[]
  /** How many exist or existed, including those that are gone. */
  count(): number
}

/** The seeded records by number from 1, each field computed on its own. */
export interface Seeded<R extends object, Name extends string> {
  readonly count: number
  readonly fields: { readonly [Field in keyof R]: (targetRecord: number) => R[Field] }
  /**
   * The fields by which records are found, and the number of the seeded record with such a name: 0 when there is
   * none.
   */
  readonly names: { readonly [By in Name]: (name: string) => number }
}

export function createBook<R extends object, Name extends string & keyof R>({
  count,
  fields,
  names,
}: Seeded<R, Name>): Book<R, Name> {
  const written = new Map<number, R>()
  const indexes = new Map<Name, Map<string, number | readonly number[]>>()
  for (const by of Object.keys(names) as Name[]) indexes.set(by, new Map())
  let created = 0

  const get = <Field extends keyof R>(targetRecord: number, field: Field): R[Field] => {
    const record = written.get(targetRecord)
    return record === undefined ? fields[field](targetRecord) : record[field]
  }
  const holdersOf = (by: Name, name: string): readonly number[] => {
    const held = indexes.get(by)!.get(name)
    return held === undefined ? [] : typeof held === 'number' ? [held] : held
  }
  const hold = (by: Name, name: R[Name & keyof R], holders: readonly number[]): void => {
    if (holders.length === 0) indexes.get(by)!.delete(String(name))
    else indexes.get(by)!.set(String(name), holders.length === 1 ? holders[0]! : holders)
  }

  return {
    get,
    of(targetRecord) {
      const record = written.get(targetRecord)
      if (record !== undefined) return record
      return Object.fromEntries(
        Object.keys(fields).map((field) => [field, fields[field as keyof R](targetRecord)]),
      ) as R
    },
    put(targetRecord, record) {
      const before = written.get(targetRecord)
      if (before === undefined && targetRecord > count) created++
      written.set(targetRecord, record)
      for (const by of indexes.keys()) {
        const [was, is] = [before?.[by] ?? null, record[by]]
        if (was === is) continue
        if (was !== null)
          hold(
            by,
            was,
            holdersOf(by, String(was)).filter((each) => each !== targetRecord),
          )
        if (is !== null) hold(by, is, [...holdersOf(by, String(is)), targetRecord])
      }
    },
    has: (targetRecord) => targetRecord > 0 && (targetRecord <= count || written.has(targetRecord)),
    find(by, name) {
      const holders = holdersOf(by, name)
      const seeded = names[by](name)
      const all = seeded > 0 && !written.has(seeded) ? [...holders, seeded] : holders
      return all.length < 2 ? all : [...all].sort((a, b) => a - b)
    },
    count: () => count + created,
  }
}
