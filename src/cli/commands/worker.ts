import { resolve } from 'node:path'
import { Command } from 'commander'
import { openControlDatabase } from '../../store/database/control-database.ts'
import { plural } from '../../model/figures.ts'
import { globalsOf, hostOf } from '../../server/process/host.ts'
import { factsOf, homeOf, openProjectDatabase } from '../../server/process/local-project.ts'
import { databaseNews } from '../../server/database-log.ts'
import { connectionsFor, defaultConcurrency, readAmount } from '../../server/server-options.ts'
import { openServerParts, stopServer } from '../../server/start-server.ts'
import { untilStopped } from '../../server/process/stop-signals.ts'

export const command = new Command('worker')
  .description('perform Runs of a server, without API and web UI: for more machines')
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
A worker needs the same DATABASE_URL, TAILRACE_SECRET_KEY and variables as the server. Only one worker at a time runs an activation. If a
worker dies, another one takes over its Runs after about ten seconds.

Examples:
  $ DATABASE_URL=postgres://… tailrace worker --concurrency 8`,
  )
  .action(async ({ concurrency, keepRuns }: { concurrency: number; keepRuns: number }, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const home = homeOf(host, globals.config)
    const database = await openProjectDatabase(host, home, host.env['DATABASE_URL'], (options) =>
      openControlDatabase({
        ...options,
        process: factsOf(host, 'worker', concurrency),
        onServerNews: databaseNews(host.log),
        poolSize: connectionsFor(concurrency),
      }),
    )
    try {
      const { side } = await openServerParts({
        host,
        database,
        home,
        configFile: resolve(host.cwd, globals.config),
        keepRunsDays: keepRuns,
      })
      await side.worker.work(concurrency)
      side.keepTime()
      if (globals.json) await host.terminal.json({ worker: host.worker, concurrency })
      else
        await host.terminal.print(
          `Worker ${host.worker} is ready: ${plural(concurrency, 'Run')} at the same time, on ${database.description}. Ctrl-C stops it.`,
        )
      await untilStopped(host.stops)
      await stopServer(host, side.worker, (mostMs) => side.stop(mostMs))
    } finally {
      await database.close()
    }
  })
