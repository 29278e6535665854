import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { createProblemList } from '../problem-list.ts'
import { readYaml } from './read-yaml.ts'
import { nodeAt, toValue, type SourceNode } from './source-node.ts'

function read(text: string, env: Record<string, string> = {}): SourceNode | undefined {
  const problems = createProblemList('x.yaml')
  const root = readYaml(text, env, problems)
  problems.throwIfAny()
  return root
}
const value = (text: string, env: Record<string, string> = {}) => toValue(read(text, env))

test('variables are filled in wherever text stands, flow mappings included', () => {
  const env = { A: 'one', EMPTY: '', BRACES: '{x}: [y], #z' }
  assert.deepEqual(value('m: { a: ${A}, b: [${A}, "${A}${A}"], c: ${NO:-x, y: [z] #1} }', env), {
    m: { a: 'one', b: ['one', 'oneone'], c: 'x, y: [z] #1' },
  })
  assert.deepEqual(
    value("a: 'it''s ${BRACES}'\nb: $${A}\nc: $$${A} ${EMPTY}.\nd: ${EMPTY:-d}\ne: |\n  x ${A}\n", env),
    {
      a: "it's {x}: [y], #z",
      b: '${A}',
      c: '$${A} .',
      d: 'd',
      e: 'x one\n',
    },
  )
  assert.throws(
    () => read('a: ok\nb: |\n  ok\n  ${A} ${GONE}\n', env),
    /x\.yaml:4:8 {2}b: the environment variable GONE is not set/,
  )
  assert.throws(
    () => read('a: { b: ${1X} }'),
    /x\.yaml:1:9 {2}a\.b: "\$\{1X\}" is not the name of an environment variable; for the text itself, write "\$\$\{1X\}"/,
  )
})

test('any text without a variable survives, whatever characters it holds', () => {
  const cell = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.array(fc.string()))
  fc.assert(
    fc.property(fc.dictionary(fc.string(), cell, { noNullPrototype: true }), (data) => {
      fc.pre(!JSON.stringify(data).includes('${') && !Object.hasOwn(data, '<<'))
      assert.deepEqual(value(stringify(data)) ?? {}, data)
    }),
  )
})

test('the place of a text is told for each way to write it', () => {
  const places = (text: string) => {
    const node = nodeAt(read(text), ['q'])
    return node?.kind === 'scalar' ? [node.textPosition.line, node.textPosition.column] : undefined
  }
  assert.deepEqual(places('q: select 1'), [1, 4])
  assert.deepEqual(places('q: "select 1"'), [1, 5])
  assert.deepEqual(places('q: |\n    select 1\n      from x\n'), [2, 5])
  assert.deepEqual(places('q: |2- # why\n\n     select 1\n'), [2, 3])
  assert.deepEqual(places('\ufeffq: >\r\n  select\r\n  1\r\n'), [2, 3])
})

test('aliases and merges are followed, and cannot run away', () => {
  assert.deepEqual(value('a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: *a\n'), {
    a: { x: 1, y: 2 },
    b: { y: 3, x: 1 },
    c: { x: 1, y: 2 },
  })
  assert.throws(() => read('a: &a { b: *a }'), /1:12 {2}a\.b: the alias "\*a" is inside its own anchor/)
  assert.throws(
    () => read('a: *nowhere'),
    /1:4 {2}a: the alias "\*nowhere" refers to an anchor that does not exist above it/,
  )
  const bomb = [
    'a0: &a0 [x]',
    ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`),
  ].join('\n')
  assert.throws(() => read(bomb), /is one alias too many/)
})
