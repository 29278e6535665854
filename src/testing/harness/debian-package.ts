import { spawnSync } from 'node:child_process'

/**
 * Checks for a command of a Debian package, and installs the package as root. Returns what is missing, as the reason to
 * skip a test; undefined when the command exists.
 */
export function lacksCommand(command: string, debianPackage: string): string | undefined {
  if (isThere(command)) return undefined
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], {
      stdio: 'ignore',
      timeout: 120_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (isThere(command)) return undefined
  }
  return `needs ${command} of the Debian package ${debianPackage}`
}

function isThere(command: string): boolean {
  return (
    spawnSync('sh', ['-c', `command -v ${command}`], { env: { PATH: `${process.env['PATH']}:/usr/sbin` } }).status === 0
  )
}
