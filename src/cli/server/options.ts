import { InvalidArgumentError } from 'commander'

export const defaultConcurrency = 4

export function readAmount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1.')
  return Number(text)
}

/** Connections to the control database: a Run holds one for its lock, one while it reads and one while it compares, and asks beside. */
export function connectionsFor(concurrency: number): number {
  return 8 + 4 * concurrency
}
