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
      return [`Took over tailrace.yaml: ${plural(warehouses, 'warehouse')}, ${plural(targets, 'target')}, ${plural(activations, 'activation')}. From now on what is saved in the server runs.`]
    }
    case 'differs': {
      const named = file.names.slice(0, namedDifferences)
      const more = file.names.length - named.length
      return [
        `tailrace.yaml and what is saved in the server differ in ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}. What is saved runs.`,
        `  To bring the file into the server: tailrace apply${options} · the server into the file: tailrace export${options}`,
      ]
    }
    case 'not valid': return ['tailrace.yaml is not valid, so it was not compared with what is saved in the server, which runs:', ...file.why.split('\n').map((line) => `  ${line}`)]
    default: return []
  }
}

export function readyLines({ url, access, hasUi }: RunningServer, { version, database, concurrency, readyMs }: ReadyFacts, { bold, cyan, dim }: Colors): readonly string[] {
  return [
    `${bold(`Tailrace ${version}`)} is ready: ${cyan(bold(url))}   ${dim(`(${duration(readyMs)})`)}`,
    `  database  ${database.description}`,
    `  worker    ${concurrency === 0 ? 'none here: start "tailrace worker" where Runs are to be worked on' : `${plural(concurrency, 'Run')} at a time`}`,
    `  access    ${access.kind === 'local' ? 'from this machine alone' : 'with the password of TAILRACE_PASSWORD'}`,
    ...hasUi ? [] : ['  web UI    not built: the address serves the API alone (npm run build:web)'],
    dim('Ctrl-C stops it.'),
  ]
}
