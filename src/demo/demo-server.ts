import { Fault } from '../model/fault.ts'
import type { ControlDatabase } from '../store/database/control-database.ts'
import { listAllEntries, saveHealth } from '../store/project/project-entries.ts'
import type { Host } from '../server/process/host.ts'
import { defaultConcurrency } from '../server/server-options.ts'
import { startServer, type RunningServer } from '../server/start-server.ts'
import type { DemoPlace } from './demo-place.ts'

const firstPort = 4000
const portsTried = 20

/**
 * Starts the demo's server on the first free port from 4000. Its database has no settings yet, so it imports the demo's
 * tailrace.yaml.
 */
export async function startDemoServer(host: Host, database: ControlDatabase, place: DemoPlace): Promise<RunningServer> {
  for (let port = firstPort; ; port += 1) {
    try {
      const server = await startServer(
        {
          host,
          database,
          home: place.home,
          configFile: place.configFile,
          concurrency: defaultConcurrency,
          keepRunsDays: 30,
        },
        { port: port < firstPort + portsTried ? port : 0, address: '127.0.0.1', withWorker: true },
      )
      await saveGoodHealth(database)
      return server
    } catch (error) {
      if (!Fault.is(error) || error.code !== 'port-taken' || port >= firstPort + portsTried) throw error
    }
  }
}

/**
 * Earlier Runs of the demo had no server that records connection health. All of them reached the Warehouse and the
 * Target.
 */
async function saveGoodHealth({ pool }: ControlDatabase): Promise<void> {
  for (const { section, name } of await listAllEntries(pool, ['warehouses', 'targets']))
    await saveHealth(pool, section, name, null)
}
