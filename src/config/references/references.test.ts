import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import type { Warehouse } from '../../connect/warehouse.ts'
import { redactor } from '../../http/redact.ts'
import type { Connectors } from '../config.ts'
import { loadConfig } from '../load-config.ts'
import { ConfigFault } from '../problem-list.ts'
import type { WhenUnset } from '../source/variables.ts'
import { createReferences } from './resolve-reference.ts'

const canary = 'canary-7f3a91'
const pem = `-----BEGIN PRIVATE KEY-----\n${canary}AAAABBBBCCCCDDDD\nEEEEFFFFGGGGHHHH\n-----END PRIVATE KEY-----\n`

const settings = z.strictObject({
  secret: z
    .string()
    .refine((text) => !text.includes('reject'), { error: ({ input }) => `the secret ${String(input)} is worn out` })
    .meta({ secret: true }),
  host: z.string().optional(),
  port: z.int().optional(),
  tls: z.strictObject({ key: z.string().meta({ secret: true }) }).optional(),
})
const connectors: Connectors = {
  warehouse: (type) =>
    Promise.resolve(type === 'box' ? ({ id: 'box', config: settings } as unknown as Warehouse) : undefined),
  warehouseTypes: ['box'],
  target: () => Promise.resolve(undefined),
  targetTypes: [],
  behaviors: new Map(),
}

let dir = ''
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tailrace-references-'))
  await mkdir(join(dir, 'folder'))
})
after(() => rm(dir, { recursive: true }))

type Env = Readonly<Record<string, string>>

async function load(yaml: string, env: Env = {}, whenUnset?: WhenUnset) {
  const file = join(dir, 'tailrace.yaml')
  await writeFile(file, yaml)
  const config = await loadConfig({ file, env, connectors, ...(whenUnset && { whenUnset }) })
  const box = config.warehouses.get('box')
  assert.ok(box !== undefined)
  return { ...(box.config as z.output<typeof settings>), secrets: box.secrets }
}

/** The value of a secret that is written like this, as a quoted YAML text. */
const valueOf = async (written: string, env: Env = {}): Promise<string> =>
  (await load(`warehouses: { box: { type: box, secret: ${JSON.stringify(written)} } }`, env)).secret

/** Every problem, which may not contain the secret. */
async function problemOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((each: unknown) => each)
  assert.ok(error instanceof ConfigFault, `no problem: ${JSON.stringify(error)}`)
  assert.doesNotMatch(`${error.message} ${JSON.stringify(error)} ${error.stack}`, new RegExp(canary))
  return error.message
}

const fileWith = async (name: string, content: string | Uint8Array): Promise<string> => {
  await writeFile(join(dir, name), content)
  return `file:./${name}`
}

/** A command that runs a script of ours in Node. */
const script = async (name: string, source: string): Promise<string> => {
  await writeFile(join(dir, `${name}.mjs`), source)
  return `exec:"${process.execPath}" ${name}.mjs`
}

describe('env:', () => {
  test('is the value of the variable, also as a number, and beside ordinary texts', async () => {
    const yaml = 'warehouses:\n  box: { type: box, secret: env:PW, host: env:HOST, port: env:PORT }'
    assert.deepEqual(await load(yaml, { PW: `${canary}\n`, HOST: 'h', PORT: '5432' }), {
      secret: `${canary}\n`,
      host: 'h',
      port: 5432,
      secrets: [`${canary}\n`, canary],
    })
  })

  test('without a value, or without a name, is a problem with its place', async () => {
    const place = 'tailrace.yaml:1:41  warehouses.box.secret: '
    for (const [written, env, words] of [
      ['env:PW', {}, 'the environment variable PW is not set'],
      ['env:PW', { PW: '' }, 'the environment variable PW is empty'],
      ['env:', {}, 'after "env:" must follow the name'],
      ['env: PW', { PW: canary }, 'after "env:" must follow the name'],
      ['env:PW ', { PW: canary }, 'after "env:" must follow the name'],
      ['env:${PW}', { PW: canary }, 'after "env:" must follow the name'],
    ] as const)
      assert.ok((await problemOf(valueOf(written, env))).includes(place + words), written)
  })
})

test('what only looks like a reference is a problem where a secret is meant, and a text elsewhere', async () => {
  for (const written of [' env:PW', 'ENV:PW', 'env :PW', '\ufefffile:./a', 'Exec:op read x', '\texec:x'])
    assert.match(await problemOf(valueOf(written, { PW: canary })), /secret: looks like a reference, but is not one/)
  for (const written of ['environment:x', 'http://x', 'file', 'exec', 'https:env:PW'])
    assert.equal(await valueOf(written), written)
  const { host } = await load('warehouses: { box: { type: box, secret: x, host: " env:PW" } }', { PW: canary })
  assert.equal(host, ' env:PW')
})

test('a value from a variable is never a reference', async () => {
  const marker = join(dir, 'was-run')
  const command = await script('mark', `import { writeFileSync } from 'node:fs'; writeFileSync('was-run', '')`)
  for (const value of [command, 'file:./tailrace.yaml', 'env:HOME']) {
    assert.equal(await valueOf('${PW}', { PW: value }), value)
    assert.equal(await valueOf('env:PW', { PW: value }), value)
    assert.equal(await valueOf(`\${NONE:-${value.replaceAll(/[{}]/g, '')}}`), value)
  }
  assert.equal(existsSync(marker), false)
})

describe('file:', () => {
  test('is the text of the file beside tailrace.yaml, without one line break at its end', async () => {
    for (const [content, value] of [
      [canary, canary],
      [`${canary}\n`, canary],
      [`${canary}\r\n`, canary],
      [`${canary}\n\n`, `${canary}\n`],
      [`\ufeff${canary}\n`, canary],
      [` ${canary} `, ` ${canary} `],
      ['{\n  "a": 1\n}\n', '{\n  "a": 1\n}'],
      [pem, pem],
      [pem.replaceAll('\n', '\r\n'), pem.replaceAll('\n', '\r\n')],
    ])
      assert.equal(await valueOf(await fileWith('a.txt', content ?? '')), value)
  })

  test('may be named by a whole path, with spaces, through a link, and with a variable', async () => {
    await fileWith('a b.txt', canary)
    await symlink('a b.txt', join(dir, 'link'))
    for (const path of ['a b.txt', './folder/../a b.txt', join(dir, 'a b.txt'), `//${join(dir, 'a b.txt')}`, 'link'])
      assert.equal(await valueOf(`file:${path}`), canary)
    assert.equal(await valueOf('file:${WHERE}/a b.txt', { WHERE: dir }), canary)
  })

  test('that cannot be used is a problem that names the file, and nothing of what it holds', async () => {
    await symlink('nowhere', join(dir, 'broken'))
    await symlink('loop', join(dir, 'loop'))
    execFileSync('mkfifo', [join(dir, 'pipe')])
    await fileWith('nul', `${canary}\0`)
    await fileWith('bytes', Buffer.concat([Buffer.from(canary), Buffer.from([0xff, 0xfe])]))
    await fileWith('utf16', Buffer.from(`\ufeff${canary}`, 'utf16le'))
    await fileWith('empty', '')
    await fileWith('blank', ' \n')
    await fileWith('large', canary.padEnd(1_048_577, 'x'))
    for (const [path, words] of [
      ['nowhere', /"nowhere" cannot be used: there is no such file/],
      ['nul\0', /contains a NUL character/],
      ['nul', /it contains a NUL character/],
      ['bytes', /it is not UTF-8 text/],
      ['utf16', /it is not UTF-8 text/],
      ['empty', /it is empty/],
      ['blank', /it is empty/],
      ['large', /it is larger than 1024 KiB/],
      ['folder', /it is a directory/],
      ['.', /it is a directory/],
      ['pipe', /it is not a regular file/],
      ['/dev/zero', /it is not a regular file/],
      ['broken', /there is no such file/],
      ['loop', /symbolic links form a loop/],
      ['nul/x', /a part of its path is not a directory/],
      ['~/key', /there is no such file; "~" is not the home directory here/],
      ['C:\\keys\\key.pem', /there is no such file/],
      ['a%20b.txt', /there is no such file/],
      ['', /after "file:" must follow the path/],
      [' ', /after "file:" must follow the path/],
    ] as const)
      assert.match(await problemOf(valueOf(`file:${path}`)), words, path)
    assert.equal((await valueOf(await fileWith('just', 'x'.repeat(1_048_576)))).length, 1_048_576)
  })
})

describe('exec:', () => {
  test('is what the program writes, run without a shell beside tailrace.yaml', async () => {
    const args = await script('args', `process.stdout.write(JSON.stringify(process.argv.slice(2)) + '\\n')`)
    assert.deepEqual(JSON.parse(await valueOf(`${args} a "b c" 'd "e"' f"g h"i $HOME * ; | \\t "" C:\\x`)), [
      ...['a', 'b c', 'd "e"', 'fg hi', '$HOME', '*', ';', '|', '\\t', '', 'C:\\x'],
    ])
    assert.deepEqual(JSON.parse(await valueOf(`${args} \${A}`, { A: 'b "c" d' })), ['b "c" d'])
    const facts = await script(
      'facts',
      `process.stdout.write([process.cwd(), process.env.A, process.stdin.isTTY].join())`,
    )
    assert.equal(await valueOf(facts, { A: 'b' }), `${dir},b,`)
  })

  test('that fails is a problem that names the program, and shows nothing of what it wrote', async () => {
    const say = `process.stdout.write('${canary}'); process.stderr.write('${canary}');`
    for (const [name, source, words] of [
      ['fails', `${say} process.exitCode = 3`, /failed with exit code 3; its output is not shown/],
      ['throws', `${say} throw new Error('${canary}')`, /failed with exit code 1/],
      ['killed', `${say} process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)`, /was ended by SIGTERM/],
      ['silent', `process.stderr.write('${canary}')`, /its output is empty/],
      ['binary', `process.stdout.write(Buffer.from([0xff]))`, /its output is not UTF-8 text/],
      [
        'much',
        `for (let i = 0; i < 40; i += 1) process.stdout.write('${canary}'.repeat(10_000))`,
        /wrote more than 1024 KiB/,
      ],
      ['reads', `process.stdin.pipe(process.stdout)`, /its output is empty/],
    ] as const)
      assert.match(await problemOf(valueOf(await script(name, source))), words, name)
    for (const [command, words] of [
      [`exec:no-such-program ${canary}`, /the command "no-such-program" cannot be started: there is no such program/],
      [`exec:./folder ${canary}`, /cannot be started: it is not a program that you may run/],
      [`exec:echo "${canary}`, /a quote in this command has no end/],
      ['exec:', /after "exec:" must follow a command/],
    ] as const)
      assert.match(await problemOf(valueOf(command)), words, command)
  })

  test('ends at its time limit, also if what it started holds its output open', async () => {
    const hangs = `import { spawn } from 'node:child_process'
      spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: ['ignore', 'inherit', 'ignore'] })
      process.stdout.write('${canary}'); setInterval(() => {}, 1000)`
    await script('hangs', hangs)
    const references = createReferences({ dir, env: {}, allowed: ['exec'], commandMs: 300 })
    const resolved = await references.resolve({ scheme: 'exec', words: [process.execPath, 'hangs.mjs'] })
    assert.match('trouble' in resolved ? resolved.trouble : '', /did not end within 0.3 seconds/)
  })

  test('runs once for equal commands, and again after a failure', async () => {
    const counts = await script(
      'counts',
      `import { appendFileSync, readFileSync } from 'node:fs'
       appendFileSync('count', 'x'); const n = readFileSync('count').length
       if (n === 1) process.exitCode = 1; else process.stdout.write(String(n))`,
    )
    const yaml = `warehouses: { box: { type: box, secret: '${counts}', host: '${counts}' } }`
    assert.match(await problemOf(load(yaml)), /failed with exit code 1/)
    const { secret, host } = await load(yaml)
    assert.equal(secret, host)
  })
})

test('a resolved value is hidden wherever it is shown, and a message names where it comes from', async () => {
  const key = await fileWith('key.pem', pem)
  const { tls, secrets } = await load(
    `warehouses: { box: { type: box, secret: x, host: ${key}, tls: { key: ${key} } } }`,
  )
  assert.equal(tls?.key, pem)
  const redact = redactor(secrets)
  for (const shown of [pem, JSON.stringify(pem), `line 2: ${canary}AAAABBBBCCCCDDDD`]) {
    assert.doesNotMatch(redact(shown), new RegExp(canary))
    assert.doesNotMatch(redact(shown), /EEEEFFFF/)
  }
  const rejected = await problemOf(valueOf(await fileWith('old', `reject ${canary}`)))
  assert.match(rejected, /the secret file:\.\/old is worn out/)
  const wrongType = await problemOf(
    load(`warehouses: { box: { type: box, secret: x, port: ${await fileWith('port', canary)} } }`),
  )
  assert.match(wrongType, /expected a number, not the text from file:\.\/port/)
})

test('PEM text may stand in the file itself', async () => {
  const block = pem.replaceAll(/^/gm, '        ').trimEnd()
  assert.equal((await load(`warehouses:\n  box:\n    type: box\n    secret: |\n${block}\n`)).secret, pem)
})

test('work that may need no secret keeps what cannot be resolved, and runs nothing', async () => {
  const command = await script('mark-test', `import { writeFileSync } from 'node:fs'; writeFileSync('test-ran', '')`)
  const yaml = (secret: string) => `warehouses: { box: { type: box, secret: '${secret}' } }`
  assert.equal((await load(yaml('env:NONE'), {}, 'keep')).secret, 'env:NONE')
  assert.equal((await load(yaml('file:./none'), {}, 'keep')).secret, 'file:./none')
  assert.match((await load(yaml(command), {}, 'keep')).secret, /^exec:/)
  assert.equal(existsSync(join(dir, 'test-ran')), false)
  assert.equal((await load(yaml('env:PW'), { PW: canary }, 'keep')).secret, canary)
})
