import type { ControlDatabase } from '../../store/database/control-database.ts'
import { duration, plural } from '../../model/figures.ts'
import type { Colors } from '../../server/process/terminal.ts'
import type { FileStanding } from '../../server/project-file.ts'
import type { RunningServer } from '../../server/start-server.ts'

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
