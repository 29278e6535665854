import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'

const root = join(import.meta.dirname, '..')

/**
 * Launches itself again, under any Node version. The second process prints what it receives, and ends when told to over
 * stdin.
 */
const program = `
import { relaunch } from '${root}/bin/relaunch.mjs'
if (process.env.SECOND_LIFE === undefined) {
  process.env.SECOND_LIFE = 'yes'
  relaunch()
} else {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => console.log(signal))
  process.stdin.on('data', (text) => {
    const [order, value] = String(text).trim().split(' ')
    if (order === 'exit') process.exit(Number(value))
    if (order === 'die') { process.removeAllListeners(value); process.kill(process.pid, value) }
    if (order === 'echo') console.log(value)
  })
  setInterval(() => {}, 60_000)
  console.log('pid', process.pid)
}`

interface Launched {
  readonly launcher: ChildProcess
  readonly pid: number
  send(order: string): void
  hear(): Promise<string>
}

async function launch(t: TestContext): Promise<Launched | undefined> {
  try {
    createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`)
  } catch {
    t.skip(`npm brings no Node for ${process.platform} ${process.arch}`)
    return undefined
  }
  const directory = await mkdtemp(join(tmpdir(), 'relaunch-'))
  t.after(() => rm(directory, { recursive: true }))
  await writeFile(join(directory, 'program.mjs'), program)
  const launcher = spawn(process.execPath, [join(directory, 'program.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]()
  const hear = async (): Promise<string> => String((await lines.next()).value)
  const pid = Number((await hear()).replace('pid ', ''))
  return {
    launcher,
    pid,
    hear,
    send: (order) => {
      launcher.stdin.write(`${order}\n`)
    },
  }
}

test("the exit code of the relaunched program is the launcher's", async (t) => {
  const launched = await launch(t)
  if (launched === undefined) return
  assert.notEqual(launched.pid, launched.launcher.pid)
  launched.send('exit 3')
  assert.deepEqual(await once(launched.launcher, 'exit'), [3, null])
})

test("a death by signal is the launcher's too", async (t) => {
  const launched = await launch(t)
  if (launched === undefined) return
  launched.send('die SIGTERM')
  assert.deepEqual(await once(launched.launcher, 'exit'), [null, 'SIGTERM'])
})

test('a signal to the launcher, or to its whole group as from a terminal, arrives once', async (t) => {
  const launched = await launch(t)
  if (launched === undefined) return
  launched.launcher.kill('SIGTERM')
  assert.equal(await launched.hear(), 'SIGTERM')
  process.kill(-Number(launched.launcher.pid), 'SIGINT')
  launched.launcher.kill('SIGINT')
  assert.equal(await launched.hear(), 'SIGINT')
  launched.send('echo nothing-more')
  assert.equal(await launched.hear(), 'nothing-more')
  launched.send('exit 0')
  assert.deepEqual(await once(launched.launcher, 'exit'), [0, null])
})

test('a launcher that is killed takes the program with it', { timeout: 30_000 }, async (t) => {
  const launched = await launch(t)
  if (launched === undefined) return
  t.after(() => {
    if (launched.launcher.stdout?.closed === false) process.kill(launched.pid, 'SIGKILL')
  })
  launched.launcher.kill('SIGKILL')
  // The program holds the other end of the pipe. `close`, unlike `exit`, waits until both processes have ended.
  await once(launched.launcher, 'close')
})
