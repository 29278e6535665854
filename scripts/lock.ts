/** What `npm ci` needs in package-lock.json, on any registry and platform. Pure. */

export interface Lock {
  packages: Record<string, LockEntry>
}

export interface LockEntry {
  version?: string
  resolved?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  link?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

export interface MissingEntry {
  readonly path: string
  readonly entry: LockEntry
}

/** Entries that name the host of a registry. A lock file must work with every registry. */
export function entriesWithHost(lock: Lock): string[] {
  return Object.entries(lock.packages)
    .filter(([, entry]) => entry.resolved !== undefined && !entry.link)
    .map(([path]) => path)
}

/**
 * Optional packages for other platforms that npm left out because the current registry lacks them. `npm ci` then
 * rejects the whole file ("Missing: … from lock file"). npm never fetches them where os and cpu do not match, so the
 * name is enough.
 */
export function missingOptionals(lock: Lock): MissingEntry[] {
  const missing: MissingEntry[] = []
  for (const [path, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (isFound(lock, path, name)) continue
      const entry = { version, ...(parent.dev ? { dev: true } : {}), optional: true, ...platform(name) }
      missing.push({ path: `node_modules/${name}`, entry })
    }
  }
  return missing
}

/** Node's module lookup: beside the package, then in every parent directory. */
function isFound(lock: Lock, path: string, name: string): boolean {
  let directory = path
  for (;;) {
    if (lock.packages[`${directory === '' ? '' : `${directory}/`}node_modules/${name}`] !== undefined) return true
    if (directory === '') return false
    directory = directory.slice(0, Math.max(0, directory.lastIndexOf('/node_modules/'))) || ''
  }
}

/** `@oxlint/binding-linux-arm64-musl` -> os linux, cpu arm64, libc musl. */
function platform(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/)
  const os = words.find((word) =>
    ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'].includes(word),
  )
  const cpu = words.find((word) =>
    ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'].includes(word),
  )
  if (os === undefined || cpu === undefined)
    throw new Error(`${name} is missing from package-lock.json, and its name does not tell its platform`)
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined
  return { os: [os], cpu: [cpu], ...(libc === undefined || os !== 'linux' ? {} : { libc: [libc] }) }
}
