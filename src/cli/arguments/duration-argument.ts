import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../../rules/duration.ts'

/** Parses an option value: a duration, in milliseconds. */
export function readDuration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Write a duration such as 30s, 15m or 6h.')
  return ms
}
