import { InvalidArgumentError } from 'commander'

/** Parses an option value: a number of records, at least one. */
export function readCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a number of records, such as 10.')
  return Number(text)
}
