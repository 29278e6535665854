import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Pool } from 'pg'
import type { RunReport } from '../../engine/run-report.ts'
import { Fault } from '../../model/fault.ts'
import { openControlDatabase } from '../../store/database/control-database.ts'
import { forgetEverything } from '../../store/database/forget-everything.ts'
import { changeSampleWarehouse, demoDays, writeSampleWarehouse } from '../../demo/sample-warehouse.ts'
import { takeDemoPlace, type DemoPlace } from '../../demo/demo-place.ts'
import { startDemoServer } from '../../demo/demo-server.ts'
import { demoSteps, demoWorkspace, type DemoStep } from '../../demo/demo-steps.ts'
import { sampleConfig } from '../../demo/sample-config.ts'
import { count } from '../../model/figures.ts'
import { howToCall } from '../how-to-call.ts'
import { globalsOf, hostOf, withoutProxies, type Host, type Intercom } from '../../server/process/host.ts'
import { performRun, runJson } from '../perform-run.ts'
import { factsOf, findInProject, openProjectDatabase, loadProject } from '../../server/process/local-project.ts'
import { runSummary } from '../output/runs/run-summary.ts'
import { buildUi } from '../../server/build-ui.ts'
import { connectionsFor, defaultConcurrency } from '../../server/server-options.ts'
import { stopServer, type RunningServer } from '../../server/start-server.ts'
import { untilStopped } from '../../server/process/stop-signals.ts'

interface DemoOptions {
  readonly once?: boolean
  readonly rows: number
}

export const command = new Command('demo')
  .description('see it work: sample warehouse, emulated Intercom, real Runs, the web UI; nothing to set up')
  .option('--once', 'exit when done; without it, the server and the emulator keep running')
  .option('--rows <number>', 'number of customers in the sample warehouse', readRows, 2000)
  .addHelpText(
    'after',
    `
The demo keeps its files in .tailrace/demo, and starts from scratch each time.

Examples:
  $ tailrace demo
  $ tailrace demo --once --rows 100000`,
  )
  .action(async ({ once, rows }: DemoOptions, self: Command) => {
    const host = withoutProxies(hostOf(self))
    const { json } = globalsOf(self)
    const place = await takeDemoPlace(host)
    const { startIntercomEmulator, contactId, companyId } = await host.emulators.intercom()
    const intercom = await startIntercomEmulator(demoWorkspace(rows))
    try {
      await writeSampleWarehouse(place.warehouseFile, rows, { contactId, companyId })
      await writeFile(place.configFile, sampleConfig(intercom))
      const say = async (...lines: readonly string[]): Promise<void> => {
        if (!json) for (const line of lines) await host.terminal.print(line)
      }
      await say(...introduction(host, place, intercom, rows))
      const stays = once !== true
      if (stays) await buildUi(host)
      const database = await openProjectDatabase(host, place.home, undefined, (options) =>
        openControlDatabase({
          ...options,
          process: factsOf(host, 'server', defaultConcurrency),
          poolSize: connectionsFor(defaultConcurrency),
        }),
      )
      try {
        await forgetEverything(database.pool)
        const reports = await performSteps(host, place, intercom, database.pool, demoSteps(rows), say)
        const result = {
          ok: true,
          url: intercom.url,
          config: place.configFile,
          runs: await Promise.all(reports.map((report) => runJson(report, database.pool))),
          intercom: intercom.world.summary(),
        }
        if (!stays || host.stops.stop.aborted) return json ? await host.terminal.json(result) : undefined
        await liveThroughDays(host, place, database.pool, say)
        const server = await startDemoServer(host, database, place)
        if (json) await host.terminal.json({ ...result, server: server.url })
        await say(...whatNext(host, place, intercom, server))
        await untilStopped(host.stops)
        await stopServer(host, server.side.worker, (mostMs) => server.close(mostMs))
      } finally {
        await database.close()
      }
    } finally {
      await intercom.close()
      place.release()
    }
  })

async function performSteps(
  host: Host,
  place: DemoPlace,
  intercom: Intercom,
  pool: Pool,
  steps: readonly DemoStep[],
  say: (...lines: readonly string[]) => Promise<void>,
): Promise<readonly RunReport[]> {
  const { bold, dim, cyan } = host.terminal.colors
  const globals = { config: place.configFile, json: false }
  const config = await loadProject(host, globals)
  const reports: RunReport[] = []
  for (const [at, step] of steps.entries()) {
    await say('', bold(`${at + 1}. ${step.title}`), dim(`   Intercom before: ${step.holds(intercom)}`))
    const report = await performRun(host, globals, await findInProject(host, config, step.activation), pool, {}, 'live')
    reports.push(report)
    await say(
      ...(await runSummary(report, pool, host.terminal.colors)).map(indented),
      `   ${cyan(`Intercom now:    ${step.holds(intercom)}`)}`,
    )
    if (host.stops.stop.aborted) break
    if (!step.isAsReported(report, intercom)) {
      throw (
        report.fault ??
        new Fault('bug', `Run ${report.run} of the demo ended with an unexpected status.`, {
          code: 'demo-differs',
          advice: 'This is a bug in Tailrace: please report it with the output of TAILRACE_LOG=debug.',
        })
      )
    }
  }
  return reports
}

/** Does further Runs, each after a change in the sample shop. */
async function liveThroughDays(
  host: Host,
  place: DemoPlace,
  pool: Pool,
  say: (...lines: readonly string[]) => Promise<void>,
): Promise<void> {
  const globals = { config: place.configFile, json: false }
  const config = await loadProject(host, globals)
  const activation = await findInProject(host, config, 'premium-customers')
  await say(
    '',
    `${host.terminal.colors.bold(`${demoDays.length} more Runs, as customers come and go`)}, to create a history …`,
  )
  for (const sql of demoDays) {
    if (host.stops.stop.aborted) return
    await changeSampleWarehouse(place.warehouseFile, sql)
    await performRun(host, globals, activation, pool, {}, 'live')
  }
}

function indented(line: string): string {
  return line === '' ? '' : `   ${line}`
}

function introduction({ terminal, cwd }: Host, place: DemoPlace, intercom: Intercom, rows: number): readonly string[] {
  const { bold, dim } = terminal.colors
  return [
    bold('Tailrace: a query selects records, Intercom gets the tags, and every result is recorded.'),
    '',
    `  warehouse  ${shortPath(cwd, place.warehouseFile)}   ${dim(`${count(rows)} customers, 150 companies, 200 conversations`)}`,
    `  target     ${intercom.url}   ${dim('an emulated Intercom')}`,
    `  config     ${shortPath(cwd, place.configFile)}`,
  ]
}

function whatNext(host: Host, place: DemoPlace, intercom: Intercom, { url, hasUi }: RunningServer): readonly string[] {
  const { terminal, cwd, env } = host
  const { bold, cyan, dim } = terminal.colors
  const elsewhere = ['TAILRACE_HOME', 'DATABASE_URL'].filter((name) => env[name])
  // The demo has its own state. These variables would direct the suggested commands to other state, so unset them.
  const prefix = elsewhere.length > 0 ? `env ${elsewhere.map((name) => `-u ${name}`).join(' ')} ` : ''
  const config = shortPath(cwd, place.configFile)
  const call = howToCall(host)
  const tailrace = (words: string): string => cyan(`${prefix}${call} ${words} --config ${config}`)
  return [
    '',
    `${bold(hasUi ? 'Open' : 'The API is at')} ${bold(cyan(url))}   ${dim(hasUi ? 'to see the same in the web UI' : '(the web UI is not built here)')}`,
    '',
    bold('The emulated Intercom keeps running. Try in another terminal:'),
    '',
    `  ${tailrace('runs')}`,
    `  ${tailrace('show 2 --records failed')}   ${dim('# the three unknown companies')}`,
    `  ${tailrace('why key-accounts company-9001')}`,
    `  ${tailrace('plan premium-customers')}   ${dim(`# after changing a query in ${config}`)}`,
    `  ${tailrace('run premium-customers')}`,
    `  ${cyan(`curl ${intercom.url}/_emulator/state`)}`,
    '',
    dim('Ctrl-C stops it.'),
  ]
}

function shortPath(cwd: string, path: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') ? path : short
}

function readRows(text: string): number {
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1.')
  return Number(text)
}
