import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../model/fault.ts'
import { createLoginThrottle } from './login-throttle.ts'

const password = 'a good long password'

test('one network is one guesser: the addresses of an IPv6 network are all its own', () => {
  const { check } = createLoginThrottle(password, () => 0)
  for (const from of ['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:db8::3:4:5:6', '2001:db8::7%eth0'])
    assert.equal(
      said(() => check('guess', from)),
      'wrong-password',
      from,
    )
  assert.equal(
    said(() => check(password, '2001:db8::a:b:c:d')),
    'too-many-tries',
  )
  for (const from of ['2001:db8:0:1::1', '2001:db8:1::1', '::1', '192.0.2.1'])
    assert.equal(
      said(() => check(password, from)),
      undefined,
      from,
    )
})

test('an IPv4 address is the same however the machine writes it', () => {
  const { check } = createLoginThrottle(password, () => 0)
  for (const from of ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '::ffff:192.0.2.1'])
    said(() => check('guess', from))
  assert.equal(
    said(() => check(password, '::ffff:192.0.2.1')),
    'too-many-tries',
  )
  assert.equal(
    said(() => check(password, '::ffff:192.0.2.2')),
    undefined,
  )
})

function said(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (!Fault.is(error)) throw error
    return error.code
  }
}
