import { useState } from 'react'
import { same } from './same.ts'

type Config = Readonly<Record<string, unknown>>

/** What is edited, with the ETag to send as If-Match. */
export interface Edited {
  readonly etag: string
  readonly config: Config
}

export interface Editing {
  readonly config: Config
  readonly setConfig: (config: Config) => void
  /** The version that the edit started from. */
  readonly base: Edited
  readonly isDirty: boolean
  /** A newer version that another user saved; null if there is none. */
  readonly latest: Edited | null
  /** Discards the edit, and starts again from the newer version. */
  readonly takeLatest: () => void
  /** Applies the keys changed here to the newer version. */
  readonly keepMine: () => void
  readonly saved: (answer: Edited) => void
  readonly reset: () => void
}

/** An edit with conflict detection. `now` is the last version read, and may change at any time. */
export function useEditing(now: Edited): Editing {
  const [seen, setSeen] = useState(now.etag)
  const [base, setBase] = useState(now)
  const [config, setConfig] = useState(now.config)
  const [latest, setLatest] = useState<Edited | null>(null)
  const isDirty = !same(config, base.config)
  const begin = (from: Edited, with_: Config = from.config): void => {
    setBase(from)
    setConfig(with_)
    setLatest(null)
  }
  if (now.etag !== seen) {
    setSeen(now.etag)
    if (now.etag !== base.etag) {
      if (!isDirty) begin(now)
      // The config is unchanged; something else changed, such as paused.
      else if (same(now.config, base.config)) setBase(now)
      else setLatest(now)
    }
  }
  return {
    config,
    setConfig,
    base,
    isDirty,
    latest,
    takeLatest: () => {
      if (latest !== null) begin(latest)
    },
    keepMine: () => {
      if (latest !== null) begin(latest, onTopOf(latest.config, base.config, config))
    },
    saved: (answer) => begin(answer),
    reset: () => begin(base),
  }
}

export interface ChangedKey {
  readonly key: string
  readonly from: unknown
  readonly to: unknown
}

export function changedKeys(from: Config, to: Config): readonly ChangedKey[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((key) => !same(from[key], to[key]))
    .map((key) => ({ key, from: from[key], to: to[key] }))
}

function onTopOf(latest: Config, base: Config, mine: Config): Config {
  const changes = Object.fromEntries(changedKeys(base, mine).map(({ key, to }) => [key, to]))
  return Object.fromEntries(Object.entries({ ...latest, ...changes }).filter(([, value]) => value !== undefined))
}
