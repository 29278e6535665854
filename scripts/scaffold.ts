/** Computes what `npm run new` writes, from its templates. Pure: new.ts reads and writes the files. */

export interface Kind {
  /** Where the files go, relative to the repository root. `__id__` is replaced by the new id. */
  readonly folder: string
  readonly next: string
}

export const kinds: Readonly<Record<string, Kind>> = {
  target: {
    folder: 'src/targets/__id__',
    next: 'It passes its kit as it stands. Make config.ts, the objects and the emulator say what the real system does, quirk by quirk.',
  },
  warehouse: {
    folder: 'src/warehouses/__id__',
    next: 'Make open() connect to the real thing; the kit in its test says what is missing.',
  },
  behavior: {
    folder: 'src/behaviors',
    next: 'Fill in the table and its words; the test says what the table promises.',
  },
  command: {
    folder: 'src/cli/commands',
    next: 'Give it arguments, options and an action; --help is printed from them.',
  },
}

export function problemWith(kind: string | undefined, id: string | undefined): string | undefined {
  const usage = `usage: npm run new ${Object.keys(kinds).join('|')} NAME`
  if (kind === undefined || id === undefined || !Object.hasOwn(kinds, kind)) return usage
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    return `"${id}" cannot be an id: lower-case letters, digits and single hyphens, e.g. acme-crm\n${usage}`
  return undefined
}

/**
 * Fills the placeholders in paths and contents: `__id__` acme-crm, `__camel__` acmeCrm, `__pascal__` AcmeCrm,
 * `__name__` Acme Crm.
 */
export function fill(text: string, id: string): string {
  const words = id.split('-').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
  const camel = words.join('').replace(/^./, (first) => first.toLowerCase())
  return text
    .replaceAll('__id__', id)
    .replaceAll('__camel__', camel)
    .replaceAll('__pascal__', words.join(''))
    .replaceAll('__name__', words.join(' '))
}
