import { InvalidArgumentError } from 'commander'

/** The number of a Run, as a person writes it. */
export function readRunNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write the number of a Run; "tailrace runs" lists them.')
  return Number(text)
}
