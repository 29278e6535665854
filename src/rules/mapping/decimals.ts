/** Doubles end at 1e308, so text with a larger exponent is not a usable number. */
const longestExponent = 400
const written = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i

/**
 * A number without exponent and leading zeros, with all its digits: `1e+20`, `007.50` -> `100000000000000000000`,
 * `7.50`. Undefined: not a number.
 */
export function plainDecimal(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = written.exec(text) ?? [undefined, '', '', '', '']
  if (whole + fraction === '') return undefined
  const shift = Number(exponent)
  if (Math.abs(shift) > longestExponent) return undefined
  const digits = shift < 0 ? whole.padStart(-shift, '0') + fraction : whole + fraction.padEnd(shift, '0')
  const point = shift < 0 ? Math.max(whole.length, -shift) + shift : whole.length + shift
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0'
  const rest = digits.slice(point)
  return `${sign === '-' ? '-' : ''}${integer}${rest === '' ? '' : `.${rest}`}`
}

/** The double with exactly the value of a plain decimal; undefined: it would lose digits. */
export function exactDouble(plain: string): number | undefined {
  const value = Number(plain)
  // Fifteen digits survive the conversion to a double and back.
  if (plain.length <= 15) return value
  return withoutEndZeros(plainDecimal(String(value)) ?? '') === withoutEndZeros(plain) ? value : undefined
}

/** Rounds a plain decimal to a whole number. `round` takes halves away from zero: 2.5 -> 3, -2.5 -> -3. */
export function roundDecimal(plain: string, how: 'round' | 'floor' | 'ceil'): string {
  const [whole = '0', fraction = ''] = plain.split('.')
  const isNegative = whole.startsWith('-')
  const hasRest = /[1-9]/.test(fraction)
  const goesOut = how === 'round' ? fraction >= '5' : hasRest && (how === 'floor') === isNegative
  const rounded = BigInt(whole) + (goesOut ? (isNegative ? -1n : 1n) : 0n)
  return String(rounded)
}

/** A plain decimal as a whole number; undefined: it has a fraction. */
export function wholeOf(plain: string): string | undefined {
  const [whole = '', fraction = ''] = plain.split('.')
  if (/[1-9]/.test(fraction)) return undefined
  return whole === '-0' ? '0' : whole
}

function withoutEndZeros(plain: string): string {
  const short = plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain
  return short === '-0' ? '0' : short
}
