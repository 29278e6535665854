import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An option of `tailrace emulator ID`. Its name on the command line is its key, with hyphens. */
export type EmulatorOption =
  | { readonly kind: 'count'; readonly default: number; readonly description: string }
  /** Written `50ms` or `30s`; passed on in milliseconds. */
  | { readonly kind: 'duration'; readonly default: number; readonly description: string }
  | { readonly kind: 'text'; readonly default: string; readonly description: string }
  | {
      readonly kind: 'choice'
      readonly default: string
      readonly choices: readonly string[]
      readonly description: string
    }
  /** Any number of texts, separated by spaces. Default: none. */
  | { readonly kind: 'texts'; readonly description: string }

export type EmulatorOptions = Readonly<Record<string, EmulatorOption>>

/** The values of the options: numbers for counts and durations, lists for texts, otherwise texts. */
export type EmulatorValues<Options extends EmulatorOptions> = {
  readonly [Name in keyof Options]: Options[Name]['kind'] extends 'count' | 'duration'
    ? number
    : Options[Name]['kind'] extends 'texts'
      ? readonly string[]
      : string
}

/** What the command shows of a running emulator. */
export interface StartedEmulator {
  readonly url: string
  /** Access token that it accepts. */
  readonly token: string
  /** What it holds at the start, in one line. */
  readonly holds: string
  /** The settings of a target in tailrace.yaml, as a YAML flow mapping without its braces. */
  readonly settings: string
  /** Paths to look into it, with what they show. */
  readonly inspect: readonly { readonly path: string; readonly shows: string }[]
  close(): Promise<void>
}

/** An emulated vendor, as `tailrace emulator ID` starts it. */
export interface EmulatorSpec<Options extends EmulatorOptions = EmulatorOptions> {
  /** Id of the target. */
  readonly id: string
  /** Name of the vendor. */
  readonly name: string
  /** What of the vendor it emulates, after "emulate NAME locally, with". */
  readonly emulates: string
  /** Default port on 127.0.0.1. */
  readonly port: number
  readonly options: Options
  /** Arguments after `tailrace emulator ID`. */
  readonly examples: readonly string[]
  /** Port 0 chooses a free one. */
  start(values: EmulatorValues<Options>, port: number): Promise<StartedEmulator>
}

/** Checks the options' types against `start`, and hides them from the registry. */
export function defineEmulator<const Options extends EmulatorOptions>(spec: EmulatorSpec<Options>): EmulatorSpec {
  return spec as unknown as EmulatorSpec
}

/** Starts to listen. Rejects if the port cannot be used. */
export async function listen(
  server: Server,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  server.listen(port, host)
  await once(server, 'listening')
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
