/** The variable name that an export uses for a typed secret: `SUPPORT_TOKEN` for `token` of "support". */
export function secretVariable(name: string, pointer: string): string {
  const words = `${name}${pointer}`
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return /^[A-Z]/.test(words) ? words : `SECRET_${words}`
}

/** The variable name, if this text is the placeholder that an export writes for this secret. */
export function namedInExport(written: unknown, name: string, pointer: string): string | undefined {
  const variable = typeof written === 'string' ? /^\$\{([A-Z0-9_]+)\}$/.exec(written)?.[1] : undefined
  return variable !== undefined && variable.replace(/_\d+$/, '') === secretVariable(name, pointer).replace(/_\d+$/, '')
    ? variable
    : undefined
}
