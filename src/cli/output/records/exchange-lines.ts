import { keptOfReason } from '../../../engine/delivery/exchange-keeper.ts'
import { isCut } from '../../../http/capture/excerpt.ts'
import { indentJson } from '../../../model/indent-json.ts'
import type { ExchangeBody, ExchangeEntry } from '../../../store/ledger/exchanges.ts'
import { time } from '../../../model/figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'

/** Requests and answers of failed Records, with indented bodies. */
export function exchangeLines(exchanges: readonly ExchangeEntry[], colors: Colors): string[] {
  if (exchanges.length === 0)
    return [
      '',
      `No request and answer is kept: a Run keeps only those of the first ${keptOfReason} records of each reason, if a request was sent.`,
    ]
  return exchanges.flatMap(({ runId, at, method, path, request, httpStatus, answer, requestId, trouble }) => [
    '',
    `${colors.dim(time(at))}  Run ${runId}${requestId === undefined ? '' : colors.dim(`  request ${requestId}`)}`,
    `  ${colors.bold(`${method} ${path}`)}`,
    ...bodyLines(request, colors),
    `  ${colors.bold(httpStatus === undefined ? 'No answer' : `Answered ${httpStatus}`)}${trouble === undefined ? '' : `: ${trouble}`}`,
    ...bodyLines(answer, colors),
  ])
}

function bodyLines(body: ExchangeBody | undefined, colors: Colors): string[] {
  if (body === undefined) return []
  const cut = isCut(body) ? [colors.dim(`    … truncated: the first 4 kB of ${(body.size / 1024).toFixed(1)} kB`)] : []
  return [
    ...indentJson(body.text)
      .split('\n')
      .map((line) => `    ${line}`),
    ...cut,
  ]
}
