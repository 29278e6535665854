import { accessTokens } from './access-tokens.ts'
import { bugs } from './bugs.ts'
import { commandLine } from './command-line.ts'
import { config } from './config.ts'
import { controlDatabase } from './control-database.ts'
import { embeddedDatabase } from './embedded-database.ts'
import type { CatalogueArea } from './entry.ts'
import { guardrails } from './guardrails.ts'
import { mapping } from './mapping.ts'
import { network } from './network.ts'
import { notices } from './notices.ts'
import { query } from './query.ts'
import { records } from './records.ts'
import { rows } from './rows.ts'
import { run } from './run.ts'
import { server } from './server.ts'
import { skipped } from './skipped.ts'
import { target } from './target.ts'
import { warehouse } from './warehouse.ts'

/** Every failure that has a code, in the order of a Run, except for those of one Target alone. */
export const generalCatalogue: readonly CatalogueArea[] = [
  commandLine,
  config,
  query,
  warehouse,
  mapping,
  rows,
  target,
  accessTokens,
  network,
  records,
  skipped,
  guardrails,
  run,
  server,
  controlDatabase,
  embeddedDatabase,
  notices,
  bugs,
]
