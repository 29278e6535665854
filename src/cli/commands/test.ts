import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { loadConfig } from '../../config/load-config.ts'
import { Fault } from '../../model/fault.ts'
import { fileTrouble } from '../../model/machine-trouble.ts'
import { openThrowAwayDatabase } from '../../store/database/throw-away-database.ts'
import { duration, plural } from '../../model/figures.ts'
import { globalsOf, hostOf, withoutProxies, type GlobalOptions, type Host } from '../../server/process/host.ts'
import { checkOutputFile } from '../output/output-file.ts'
import { homeOf, openProjectDatabase } from '../../server/process/local-project.ts'
import { caseLines, junitXml } from '../../cases/case-report.ts'
import { findCaseFiles, readCaseFile, type Case } from '../../cases/read-cases.ts'
import { runCase, type CaseResult, type CaseHarness } from '../../cases/run-case.ts'
import { emulatedConnectors } from '../../cases/emulated-connectors.ts'

interface TestOptions {
  readonly only?: string
  readonly junit?: string
}

/** Far more than a case sends, so that no case waits for the rate limit. */
const requestsPerWindow = 1_000_000

export const command = new Command('test')
  .description('test activations on your own cases: rows, Intercom before, expected writes; no credentials')
  .argument(
    '[files...]',
    'files with cases (default: tailrace.test.yaml and *.tailrace-test.yaml beside tailrace.yaml)',
  )
  .option('--only <text>', 'only cases whose name or activation contains this text')
  .option('--junit <file>', 'also write the results as JUnit XML')
  .addHelpText(
    'after',
    `
Each case is a real Run against an emulated Intercom. Variables of tailrace.yaml need not be set. The project's state
is neither read nor changed. The format: docs/testing-your-activations.md.

Exit codes: 0 all cases pass · 1 some fail · 2 a file or the command line is wrong.

Examples:
  $ tailrace test
  $ tailrace test --only "new customers"
  $ tailrace test 'tests/**/*.yaml' --junit results.xml`,
  )
  .action(async (named: readonly string[], options: TestOptions, self: Command) => {
    const host = withoutProxies(hostOf(self))
    const globals = globalsOf(self)
    const { terminal } = host
    const startedAt = host.now()
    if (options.junit !== undefined)
      await checkOutputFile({
        file: options.junit,
        code: 'junit-not-written',
        option: '--junit',
        isReplaced: false,
        not: globals.config,
      })
    const files = findCaseFiles(named, globals.config)
    host.stops.take(() => terminal.note('Stopping …'))
    const results = await withHarness(host, globals, files, options.only, async (harness, cases) => {
      const done: CaseResult[] = []
      for (const [index, test] of cases.entries()) {
        const result = await runCase(harness, test, index + 1)
        done.push(result)
        if (globals.json) continue
        if (test.file !== cases[index - 1]?.file) await terminal.print(terminal.colors.bold(test.file))
        for (const line of caseLines(result, terminal.colors)) await terminal.print(line)
      }
      return done
    })
    if (options.junit !== undefined)
      await writeFile(options.junit, junitXml(results)).catch((error: NodeJS.ErrnoException) => {
        throw new Fault('usage', `${options.junit} cannot be written: ${fileTrouble(error, 'write')}.`, {
          code: 'junit-not-written',
          advice: 'Name another file with --junit.',
          cause: error,
        })
      })
    const failed = results.filter(({ failures }) => failures.length > 0).length
    const durationMs = host.now() - startedAt
    host.exit(failed > 0 ? 1 : 0)
    if (globals.json)
      return await terminal.json({
        ok: failed === 0,
        files,
        passed: results.length - failed,
        failed,
        durationMs,
        cases: results.map(asJson),
      })
    const { green, red, dim } = terminal.colors
    const passed = green(`${plural(results.length - failed, 'case')} passed`)
    await terminal.print()
    await terminal.print(
      `${failed > 0 ? `${red(`${failed} failed`)}, ` : ''}${passed} ${dim(`in ${duration(durationMs)}`)}`,
    )
  })

/** Provides what all cases need while `work` runs. Reports errors in files before it starts anything. */
async function withHarness<T>(
  host: Host,
  globals: GlobalOptions,
  files: readonly string[],
  only: string | undefined,
  work: (harness: CaseHarness, cases: readonly Case[]) => Promise<T>,
): Promise<T> {
  const { env, now, random } = host
  const read = await Promise.all(files.map((file) => readCaseFile({ file, env })))
  const { startIntercomEmulator, admins } = await host.emulators.intercom()
  // The token is of another admin than the existing records and tags, so these count as external.
  const tokens = { 'emulator-token': { scopes: 'all' as const, ...(admins[1] && { adminId: admins[1].id }) } }
  const intercom = await startIntercomEmulator({ tokens, limit: requestsPerWindow, now })
  try {
    const address = { token: intercom.token, baseUrl: intercom.url }
    const connectors = emulatedConnectors(
      host.connectors,
      new Map([['intercom', address]]),
      read.some(({ runsWarehouses }) => runsWarehouses),
    )
    const config = await loadConfig({ file: globals.config, env, connectors, whenUnset: 'keep' })
    host.terminal.hide([...config.warehouses.values()].flatMap(({ secrets }) => secrets))
    const cases = chosen(
      read.flatMap((file) => file.cases(config, ['intercom'])),
      only,
    )
    const database = await openProjectDatabase(host, homeOf(host, globals.config), env['DATABASE_URL'], (options) =>
      openThrowAwayDatabase({ ...options, now, random }),
    )
    try {
      return await work({ host, config, connectors, intercom, pool: database.pool }, cases)
    } finally {
      await database.close()
    }
  } finally {
    await intercom.close()
  }
}

function chosen(cases: readonly Case[], only: string | undefined): readonly Case[] {
  if (only === undefined) return cases
  const wanted = only.toLowerCase()
  const found = cases.filter(({ name, activation }) => `${name}\n${activation}`.toLowerCase().includes(wanted))
  if (found.length > 0) return found
  throw new Fault('usage', `None of the ${cases.length} cases has "${only}" in its name or activation.`, {
    code: 'case-not-found',
  })
}

function asJson({ case: { file, position, name, activation }, durationMs, failures }: CaseResult): object {
  return { file, line: position.line, name, activation, ok: failures.length === 0, durationMs, failures }
}
