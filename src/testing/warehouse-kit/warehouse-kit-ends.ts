import assert from 'node:assert/strict'
import { Fault } from '../../model/fault.ts'
import { eventually, type Opened } from './warehouse-under-test.ts'

/** The abort reason that a Run uses when its time limit passes. */
const over = new Fault('transient', 'The time is over.', { code: 'time-limit' })

/** The signal given to `open` ends everything the session does. Time limits and Ctrl-C reach a warehouse this way. */
export const endChecks = {
  'ends a read at the signal of its session, with the reason': async (opened: Opened) => {
    const stop = new AbortController()
    const session = await opened.open(opened.under.config, stop.signal)
    const reading = opened.faultOf(async () => {
      for await (const _ of session.read(opened.under.sql.endless, {
        columns: ['n'],
        pageSize: 10,
        signal: new AbortController().signal,
      }));
    })
    await eventually('the query runs', () => opened.under.isBusy())
    stop.abort(over)
    assert.equal(await reading, over)
    await session.close()
    await eventually('the warehouse does nothing more for us', async () => !(await opened.under.isBusy()))
  },

  'asks nothing more once it was told to stop': async (opened: Opened) => {
    const stop = new AbortController()
    const session = await opened.open(opened.under.config, stop.signal)
    stop.abort(over)
    assert.equal(await opened.faultOf(() => session.columns(opened.select({ a: opened.text('x') }))), over)
    assert.equal(await opened.faultOf(() => session.schema()), over)
    assert.equal(
      await opened.faultOf(async () => {
        for await (const _ of session.read(opened.select({ a: opened.text('x') }), {
          columns: ['a'],
          pageSize: 10,
          signal: new AbortController().signal,
        }));
      }),
      over,
    )
    await session.close()
  },

  'ends a read wherever in it the stop comes': async (opened: Opened) => {
    // Event-loop turns between the start of the read and the abort, so that it hits connecting, describing, starting
    // and reading.
    for (const turns of [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89]) {
      const stop = new AbortController()
      const session = await opened.open(opened.under.config, stop.signal)
      const reading = opened.faultOf(async () => {
        for await (const _ of session.read(opened.under.sql.endless, {
          columns: ['n'],
          pageSize: 10,
          signal: new AbortController().signal,
        }));
      })
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
      stop.abort(over)
      assert.equal(await reading, over)
      await session.close()
    }
  },
}
