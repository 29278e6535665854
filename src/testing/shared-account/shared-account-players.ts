import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a player says when it can play another history. */
export interface PlayedHistory {
  readonly lane: number
  /** Null: this is its first one. */
  readonly played: {
    readonly seed: number
    /** What happened in it, and how often. */
    readonly events: readonly (readonly [what: string, times: number])[]
    /** The log of a history that failed. */
    readonly story: string | null
  } | null
}

/** The answer. Null: there are no more histories. */
export interface NextHistory {
  readonly lane: number
  readonly seed: number | null
}

/**
 * One process plays histories on one core, and the test runner's hooks slow it down. So they are played in processes of
 * their own.
 */
const processes = 2
/** Histories that a process plays at a time, because a Run waits most of the time. */
const lanes = Number(process.env['LANES'] ?? 3)

/** Plays histories until `next` returns none. Each lane has its own account and control database. */
export async function playInProcesses(
  most: number,
  next: () => number | null,
  onPlayed: (played: NonNullable<PlayedHistory['played']>) => void,
): Promise<void> {
  const program = fileURLToPath(new URL('./shared-account-player.fixture.ts', import.meta.url))
  const players = Array.from({ length: Math.min(processes, most) }, () =>
    fork(program, [String(Math.min(lanes, Math.ceil(most / processes)))], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  )
  const ended = players.map((player) => {
    player.on('message', ({ lane, played }: PlayedHistory) => {
      if (played !== null) onPlayed(played)
      player.send({ lane, seed: next() } satisfies NextHistory)
    })
    return once(player, 'exit')
  })
  try {
    for (const [code, signal] of await Promise.all(ended))
      assert.equal(code, 0, `a process that plays histories ended with ${code ?? signal}`)
  } finally {
    for (const player of players) if (player.connected) player.disconnect()
  }
}
