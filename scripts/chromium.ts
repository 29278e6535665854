import { spawnSync } from 'node:child_process'
import { findChromium } from '../src/testing/harness/browser.ts'

/** Returns whether a Chromium is installed, for the browser tests. Installs Debian's if it can (root, apt). */
export function ensureChromium(): boolean {
  if (findChromium() !== undefined) return true
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false
  console.log('Installing chromium, for the tests that drive a browser …')
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[],
  }
  spawnSync('apt-get', ['update', '-q'], options)
  const install = [
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    '-o',
    'Dpkg::Options::=--force-confold',
    'chromium',
    'fonts-dejavu-core',
  ]
  if (spawnSync('apt-get', install, options).status !== 0)
    console.log('… which failed: see above. Browser tests will be skipped.')
  return findChromium() !== undefined
}
