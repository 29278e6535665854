/** Path into JSON data: keys and list indices. */
export type Steps = readonly (string | number)[]

/** RFC 6901: `/config/tags/0`; empty for the whole document. */
export function pointerOf(steps: Steps): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function valueAt(data: unknown, steps: Steps): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined,
    data,
  )
}

/** A copy of the data with another value at this path, if the path exists. */
export function withValue<Data>(data: Data, [step, ...rest]: Steps, value: unknown): Data {
  if (step === undefined) return value as Data
  if (Array.isArray(data))
    return data.map((item, index) => (index === Number(step) ? withValue(item, rest, value) : item)) as Data
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).map(([key, item]) => [key, key === String(step) ? withValue(item, rest, value) : item]),
  ) as Data
}
