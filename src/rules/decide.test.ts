import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, unseen, type Current, type Decision, type LinkDifference, type Ownership } from './decide.ts'

const attach = { takesOff: false, removesWhatLeft: false }
const mirror = { takesOff: false, removesWhatLeft: true }
const detach = { takesOff: true, removesWhatLeft: false }

/** The link of a Record to the group `a`. */
function link(reason: LinkDifference['reason'], managed = false): LinkDifference {
  return {
    record: 'k',
    key: 'k',
    group: 'a',
    identity: { field: 'id', value: 'k' },
    targetId: 'k',
    reason,
    managed,
    sent: null,
  }
}
function seen(held: string[], external: string[] = [], more: Partial<Current> = {}): Current {
  return { held: new Set(held), external: new Set(external), ...more }
}
const direct = { isDirect: true } as const
const unknown = { unknown: new Set(['a']) }

interface Row {
  readonly what: string
  readonly link: LinkDifference
  readonly current: Current
  readonly ownership?: Ownership
  readonly isDesiredElsewhere?: boolean
  readonly asks: Decision
}

function check(intent: Parameters<typeof decide>[2], rows: readonly Row[]): void {
  for (const { what, link: difference, current, ownership = 'respect', isDesiredElsewhere = false, asks } of rows) {
    assert.equal(decide(difference, current, intent, ownership, isDesiredElsewhere), asks, what)
  }
}

test('a desired link that is not held is added; one that is held is in place; an unknown one is sent', () => {
  for (const intent of [attach, mirror]) {
    check(intent, [
      { what: 'not held', link: link('new'), current: seen(['b']), asks: 'attach' },
      { what: 'held', link: link('new'), current: seen(['a']), asks: 'in-place' },
      { what: 'held, and external', link: link('new'), current: seen(['a'], ['a']), asks: 'in-place' },
      {
        what: 'not held, and desired by others as well',
        link: link('new'),
        current: seen([]),
        isDesiredElsewhere: true,
        asks: 'attach',
      },
      { what: 'not read', link: link('new'), current: unseen, asks: 'attach' },
      { what: 'of unknown state', link: link('retry', true), current: seen([], [], unknown), asks: 'attach' },
      { what: 'due again, and not held any more', link: link('retry', true), current: seen([]), asks: 'attach' },
    ])
  }
})

test('without a read, a link counts as held if it certainly is, or if it is managed and was in the query all the time', () => {
  check(mirror, [
    { what: 'certainly held', link: link('new'), current: { ...unseen, surely: new Set(['a']) }, asks: 'in-place' },
    {
      what: 'another group is certainly held',
      link: link('new'),
      current: { ...unseen, surely: new Set(['b']) },
      asks: 'attach',
    },
    { what: 'managed', link: link('retry', true), current: unseen, asks: 'in-place' },
    { what: 'not managed', link: link('retry'), current: unseen, asks: 'attach' },
    {
      what: 'managed, but missing from the query in between',
      link: link('new', true),
      current: unseen,
      asks: 'attach',
    },
    {
      what: 'managed, but another Run may have changed it',
      link: link('retry', true),
      current: { ...unseen, ...unknown },
      asks: 'attach',
    },
  ])
})

test('an unconfirmed link is read before it is sent again, unless the Activation adopts and read it directly', () => {
  check(attach, [
    { what: 'not read', link: link('unconfirmed', true), current: unseen, asks: 'attach' },
    { what: 'held, as the index shows', link: link('unconfirmed', true), current: seen(['a']), asks: 'attach' },
    {
      what: 'held, as a direct read shows',
      link: link('unconfirmed', true),
      current: seen(['a'], [], direct),
      asks: 'attach',
    },
    {
      what: 'held, as a direct read shows, with adopt',
      link: link('unconfirmed', true),
      current: seen(['a'], [], direct),
      ownership: 'adopt',
      asks: 'in-place',
    },
    {
      what: 'not held, as a direct read shows, with adopt',
      link: link('unconfirmed', true),
      current: seen([], [], direct),
      ownership: 'adopt',
      asks: 'attach',
    },
    {
      what: 'held, as the index shows, with adopt',
      link: link('unconfirmed', true),
      current: seen(['a']),
      ownership: 'adopt',
      asks: 'attach',
    },
  ])
})

test('a managed link that left the query and is held is removed; an external one stays unless the Activation enforces', () => {
  check(mirror, [
    { what: 'held', link: link('left', true), current: seen(['a']), asks: 'detach' },
    { what: 'not held', link: link('left', true), current: seen(['b']), asks: 'nothing-to-do' },
    { what: 'not read', link: link('left', true), current: unseen, asks: 'detach' },
    { what: 'of unknown state', link: link('left', true), current: seen([], [], unknown), asks: 'detach' },
    { what: 'external', link: link('left', true), current: seen(['a'], ['a']), asks: 'external' },
    {
      what: 'external, with adopt',
      link: link('left', true),
      current: seen(['a'], ['a']),
      ownership: 'adopt',
      asks: 'external',
    },
    {
      what: 'external, with enforce',
      link: link('left', true),
      current: seen(['a'], ['a']),
      ownership: 'enforce',
      asks: 'detach',
    },
    { what: 'another group is external', link: link('left', true), current: seen(['a', 'b'], ['b']), asks: 'detach' },
  ])
})

test('a link that left the query and that others desire stays', () => {
  check(mirror, [
    {
      what: 'held',
      link: link('left', true),
      current: seen(['a']),
      isDesiredElsewhere: true,
      asks: 'wanted-elsewhere',
    },
    { what: 'not read', link: link('left', true), current: unseen, isDesiredElsewhere: true, asks: 'wanted-elsewhere' },
    { what: 'not held', link: link('left', true), current: seen([]), isDesiredElsewhere: true, asks: 'nothing-to-do' },
    {
      what: 'external',
      link: link('left', true),
      current: seen(['a'], ['a']),
      isDesiredElsewhere: true,
      asks: 'external',
    },
    {
      what: 'external, with enforce',
      link: link('left', true),
      current: seen(['a'], ['a']),
      ownership: 'enforce',
      isDesiredElsewhere: true,
      asks: 'wanted-elsewhere',
    },
  ])
})

test('a behavior that takes off removes the desired links that are held or unknown, whoever added them', () => {
  check(detach, [
    { what: 'not held', link: link('new'), current: seen(['b']), asks: 'in-place' },
    { what: 'held', link: link('new'), current: seen(['a']), asks: 'detach' },
    { what: 'not read', link: link('new'), current: unseen, asks: 'detach' },
    { what: 'of unknown state', link: link('new'), current: seen([], [], unknown), asks: 'detach' },
    { what: 'external', link: link('new'), current: seen(['a'], ['a']), asks: 'detach' },
    { what: 'desired elsewhere', link: link('new'), current: seen(['a']), isDesiredElsewhere: true, asks: 'detach' },
    { what: 'unconfirmed, and held', link: link('unconfirmed'), current: seen(['a']), asks: 'detach' },
    { what: 'unconfirmed, and not held', link: link('unconfirmed'), current: seen([]), asks: 'in-place' },
  ])
})
