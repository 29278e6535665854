import { spawnSync } from 'node:child_process'

/** Sees that a command of a Debian package is there, installing that where root can. Answers what is missing, for a test that skips. */
export function lacksCommand(command: string, debianPackage: string): string | undefined {
  if (isThere(command)) return undefined
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], { stdio: 'ignore', timeout: 120_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    if (isThere(command)) return undefined
  }
  return `needs ${command} of the Debian package ${debianPackage}`
}

function isThere(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`], { env: { PATH: `${process.env['PATH']}:/usr/sbin` } }).status === 0
}
