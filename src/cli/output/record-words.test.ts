import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesWords, fieldsWords } from './record-words.ts'

test('values stand on one line: quoted where they are text, cut where they are long, and only the first few of many', () => {
  assert.equal(
    changesWords({ plan: 'pro', seats: 5, phone: null, vip: false }, { plan: 'free', seats: null, phone: '1' }),
    'plan: "free" → "pro", seats: empty → 5, phone: "1" → empty, vip: empty → false',
  )
  assert.equal(changesWords({ plan: 'pro' }, null), 'plan: → "pro"')
  const words = fieldsWords({ notes: `a\n"b"${'😀'.repeat(60)}` })
  assert.match(words, /^notes "a\\n\\"b\\"(😀)+…"$/u)
  assert.ok([...words].length < 62)
  assert.match(
    fieldsWords(Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}`, index]))),
    /^f0 0, .*f7 7 and 1 more$/,
  )
})

test('what a thing is known by stands first, and eight Fields are all shown', () => {
  const fields = {
    plan: 'pro',
    seats: 5,
    vip: true,
    phone: '1',
    city: 'Ulm',
    role: 'user',
    name: 'Ann',
    email: 'a@b.c',
  }
  assert.match(fieldsWords(fields), /^email "a@b.c", name "Ann", plan "pro", .*role "user"$/)
  assert.match(changesWords(fields, null), /^email: → "a@b.c", name: → "Ann", plan: /)
})
