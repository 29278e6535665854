import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { openControlDatabase, type ControlDatabase } from '../../store/database/control-database.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { factsOf, homeOf, openProjectDatabase } from '../../server/process/local-project.ts'
import { buildUi } from '../../server/build-ui.ts'
import { databaseNews } from '../../server/database-log.ts'
import { connectionsFor, defaultConcurrency, readAmount, readProxies } from '../../server/server-options.ts'
import { startServer, stopServer, type RunningServer } from '../../server/start-server.ts'
import { untilStopped } from '../../server/process/stop-signals.ts'
import { duration, plural } from '../../model/figures.ts'
import type { Colors } from '../../server/process/terminal.ts'
import type { FileStanding } from '../../server/project-file.ts'

interface UpOptions {
  readonly port: number
  readonly host: string
  readonly proxy?: string
  readonly worker: boolean
  readonly concurrency: number
  readonly keepRuns: number
}

export const command = new Command('up')
  .description('start the server: web UI, API, scheduler and worker in one process')
  .option('--port <number>', 'port to listen on; 0 chooses a free port', readPort, 4000)
  .option(
    '--host <address>',
    'address to listen on; an address that other machines can reach requires TAILRACE_PASSWORD',
    '127.0.0.1',
  )
  .option(
    '--proxy <addresses>',
    'proxies in front of the server whose X-Forwarded-For and X-Forwarded-Proto are trusted',
    readProxies,
  )
  .option('--no-worker', 'perform no Runs in this process; separate workers perform them (tailrace worker)')
  .option('--concurrency <number>', 'number of Runs at the same time', readAmount, defaultConcurrency)
  .option(
    '--keep-runs <days>',
    'how long to keep Runs and their records; records that an activation still needs are kept longer',
    readAmount,
    30,
  )
  .addHelpText(
    'after',
    `
The server runs the config saved in it by the UI, the API or "tailrace apply". If nothing is saved yet, it imports the tailrace.yaml of the
folder. From then on it uses the saved config, even if the file changes. At the start it prints where the two differ.

Ctrl-C (or SIGTERM) stops safely: running Runs finish the requests in flight and end as deferred. They continue when a server runs
again. If the process is killed, another server or worker takes over its Runs after about ten seconds. A record is written twice only
if the first answer was lost.

Examples:
  $ tailrace up
  $ tailrace up --port 8080 --concurrency 8
  $ TAILRACE_PASSWORD=… DATABASE_URL=postgres://… tailrace up --host 0.0.0.0 --no-worker`,
  )
  .action(
    async (
      { port, host: address, proxy: proxies, worker: withWorker, concurrency, keepRuns }: UpOptions,
      self: Command,
    ) => {
      const host = hostOf(self)
      const globals = globalsOf(self)
      const startedAt = performance.now()
      const built = buildUi(host)
      const home = homeOf(host, globals.config)
      const database = await openProjectDatabase(host, home, host.env['DATABASE_URL'], (options) =>
        openControlDatabase({
          ...options,
          process: factsOf(host, 'server', withWorker ? concurrency : 0),
          onServerNews: databaseNews(host.log),
          poolSize: connectionsFor(withWorker ? concurrency : 0),
        }),
      )
      try {
        await built
        const server = await startServer(
          { host, database, home, configFile: resolve(host.cwd, globals.config), concurrency, keepRunsDays: keepRuns },
          { port, address, withWorker, proxies },
        )
        const readyMs = performance.now() - startedAt
        if (globals.json)
          await host.terminal.json({ url: server.url, access: server.access.kind, config: server.file, readyMs })
        else {
          const lines = [
            ...fileLines(server.file, configOption(globals)),
            ...readyLines(
              server,
              { database, concurrency: withWorker ? concurrency : 0, readyMs, version: host.version },
              host.terminal.colors,
            ),
          ]
          for (const line of lines) await host.terminal.print(line)
        }
        await untilStopped(host.stops)
        await stopServer(host, server.side.worker, (mostMs) => server.close(mostMs))
      } finally {
        await database.close()
      }
    },
  )

function readPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Write a number from 0 to 65535.')
  return Number(text)
}

export interface ReadyFacts {
  readonly version: string
  readonly database: ControlDatabase
  /** 0: this process has no worker. */
  readonly concurrency: number
  readonly readyMs: number
}

const namedDifferences = 5

/** The relation between the tailrace.yaml in the directory and the saved config. */
export function fileLines(file: FileStanding, options: string): readonly string[] {
  switch (file.kind) {
    case 'taken over': {
      const { warehouses, targets, activations } = file.counts
      return [
        `Imported tailrace.yaml: ${plural(warehouses, 'warehouse')}, ${plural(targets, 'target')}, ${plural(activations, 'activation')}. From now on the server uses the saved config.`,
      ]
    }
    case 'differs': {
      const named = file.names.slice(0, namedDifferences)
      const more = file.names.length - named.length
      return [
        `tailrace.yaml and the saved config differ in ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}. The server uses the saved config.`,
        `  To save the file in the server: tailrace apply${options} · to write the saved config to a file: tailrace export${options}`,
      ]
    }
    case 'not valid':
      return [
        'tailrace.yaml is not valid, so it was not compared with the saved config, which the server uses:',
        ...file.why.split('\n').map((line) => `  ${line}`),
      ]
    default:
      return []
  }
}

export function readyLines(
  { url, access, hasUi }: RunningServer,
  { version, database, concurrency, readyMs }: ReadyFacts,
  { bold, cyan, dim }: Colors,
): readonly string[] {
  return [
    `${bold(`Tailrace ${version}`)} is ready: ${cyan(bold(url))}   ${dim(`(${duration(readyMs)})`)}`,
    `  database  ${database.description}`,
    `  worker    ${concurrency === 0 ? 'none in this process: start "tailrace worker" to perform Runs' : `${plural(concurrency, 'Run')} at the same time`}`,
    `  access    ${access.kind === 'local' ? 'only from this machine' : 'with the password of TAILRACE_PASSWORD'}`,
    ...(hasUi ? [] : ['  web UI    not built: the address serves only the API (npm run build:web)']),
    dim('Ctrl-C stops it.'),
  ]
}
