import { Command } from 'commander'
import { listProcesses, type ListedProcess } from '../../store/queue/processes.ts'
import { count, duration, time } from '../../model/figures.ts'
import { configOption, globalsOf, hostOf } from '../../server/process/host.ts'
import { withHistory } from '../../server/process/local-project.ts'
import { table } from '../output/table.ts'
import type { Colors } from '../../server/process/terminal.ts'

export const command = new Command('workers')
  .description('list the processes that work on this control database, with their last heartbeat')
  .addHelpText(
    'after',
    `
Servers, workers and commands that run an activation send a heartbeat every two seconds. After ten seconds without a heartbeat a process
counts as gone, and another process that needs one of its activations takes it over.

Examples:
  $ tailrace workers
  $ tailrace workers --json | tail -1 | jq '.workers[] | select(.alive | not)'`,
  )
  .action(async (_options: unknown, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    await withHistory(host, globals, async (pool) => {
      const workers = await listProcesses(pool)
      if (globals.json) return await terminal.json({ workers })
      if (workers.length === 0) return await terminal.print('No processes are running.')
      for (const line of workerTable(workers, host.now(), terminal.colors)) await terminal.print(line)
      const stuck = workers.flatMap(({ alive, holds }) => (alive ? [] : holds))
      for (const { activation } of stuck)
        await terminal.print(`${terminal.colors.cyan('→')} tailrace free ${activation}${configOption(globals)}`)
    })
  })

function workerTable(workers: readonly ListedProcess[], now: number, colors: Colors): string[] {
  const rows = workers.map(({ name, kind, version, concurrency, startedAt, seenAt, alive, holds }) => {
    const silent = `${duration(Math.max(0, now - seenAt.getTime()))} ago`
    return [
      name,
      kind,
      version,
      time(startedAt),
      alive ? silent : colors.red(`${silent}: gone`),
      concurrency === 0 ? '' : count(concurrency),
      holds.map(({ activation, run }) => (run === null ? activation : `${activation} (Run ${run})`)).join(', '),
    ]
  })
  return table(
    [
      { title: 'worker' },
      { title: 'kind' },
      { title: 'version' },
      { title: 'started' },
      { title: 'last heartbeat' },
      { title: 'max Runs', align: 'right' },
      { title: 'activations' },
    ],
    rows,
    { dim: colors.dim },
  )
}
