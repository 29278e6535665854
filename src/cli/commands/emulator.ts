import { Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../rules/duration.ts'
import { count } from '../../model/figures.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import { portTaken } from '../../server/server-options.ts'
import { untilStopped } from '../../server/process/stop-signals.ts'

interface IntercomOptions {
  readonly port: number
  readonly contacts: number
  readonly companies: number
  readonly conversations: number
  readonly limit: number
  readonly latency: number
  readonly lag: number
  readonly apiVersion: string
  readonly region: 'us' | 'eu' | 'au'
  readonly tag: readonly string[]
}

const intercom = new Command('intercom')
  .description(
    'emulate Intercom locally, with contacts, companies and their custom attributes, conversations, tags and rate limits',
  )
  .option('--port <number>', 'port on 127.0.0.1; 0 chooses a free port', readCount, 4010)
  .option('--contacts <number>', 'number of contacts at the start', readCount, 1000)
  .option('--companies <number>', 'number of companies at the start', readCount, 200)
  .option('--conversations <number>', 'number of conversations at the start', readCount, 200)
  .option('--limit <number>', 'requests allowed per window of 10 seconds', readCount, 1667)
  .option('--latency <duration>', 'delay added to each answer, e.g. 50ms', readWait, 0)
  .option('--lag <duration>', 'how far lists and searches lag behind writes, e.g. 30s', readWait, 0)
  .option('--api-version <version>', 'API version for requests that name none', '2.16')
  .addOption(
    new Option('--region <region>', 'region that the workspace reports').choices(['us', 'eu', 'au']).default('us'),
  )
  .option('--tag <names...>', 'tags that exist at the start', [])
  .addHelpText(
    'after',
    `
Examples:
  $ tailrace emulator intercom --tag "Premium Customers" --limit 167
  $ tailrace emulator intercom --contacts 1000000 --latency 50ms --lag 30s`,
  )
  .action(async (options: IntercomOptions, self: Command) => {
    const host = hostOf(self)
    const { json } = globalsOf(self)
    const { terminal } = host
    const { startIntercomEmulator, contactId, companyId } = await host.emulators.intercom()
    const { latency, lag, apiVersion, tag, ...rest } = options
    // A fixed workspace id, so that activations continue after a restart.
    const emulator = await startIntercomEmulator({
      ...rest,
      workspace: 'emulated_workspace_of_at_least_40_letters',
      latencyMs: latency,
      indexLagMs: lag,
      defaultVersion: apiVersion,
      tags: tag,
    }).catch((error: unknown) => {
      throw portTaken(options.port, error)
    })
    const { url, token } = emulator
    const { bold, dim, cyan } = terminal.colors
    try {
      if (json) await terminal.json({ url, token })
      else
        for (const line of [
          `${bold('Intercom')} (emulated) listens on ${cyan(url)}`,
          `  ${count(options.contacts)} contacts (${contactId(1)} …), ${count(options.companies)} companies (${companyId(1)} …), ${count(options.conversations)} conversations (1 …)`,
          '',
          'In tailrace.yaml:',
          '  targets:',
          `    support: { type: intercom, token: ${token}, baseUrl: "${url}" }`,
          '',
          'Inspect it:',
          `  curl ${url}/_emulator/state            ${dim('# records and tags')}`,
          `  curl ${url}/_emulator/requests         ${dim('# requests so far')}`,
          `  curl "${url}/_emulator/tags/TAG/contacts"   ${dim('# contacts with a tag')}`,
          `  curl ${url}/_emulator/contacts         ${dim('# contacts created since the start')}`,
          '',
          dim('Ctrl-C stops it; no data is kept.'),
        ])
          await terminal.print(line)
      await untilStopped(host.stops)
    } finally {
      await emulator.close()
    }
  })

export const command = new Command('emulator')
  .description('run a local emulator of a Target, for tests without an account')
  .addCommand(intercom)

function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.')
  return Number(text)
}

function readWait(text: string): number {
  const ms = /^(\d{1,7}) *ms$/.exec(text)?.[1] ?? (text === '0' ? text : undefined)
  const wait = ms === undefined ? parseDuration(text) : Number(ms)
  if (wait === undefined) throw new InvalidArgumentError('Write a duration such as 50ms or 30s.')
  return wait
}
