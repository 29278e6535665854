export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Runs A B, B A, A B …, so that drift affects both alike and neither always goes first. */
export async function interleave<T>(
  rounds: number,
  one: () => Promise<T>,
  other: () => Promise<T>,
): Promise<(readonly [one: T, other: T])[]> {
  const pairs: (readonly [T, T])[] = []
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await one()
      pairs.push([first, await other()])
    } else {
      const first = await other()
      pairs.push([await one(), first])
    }
  }
  return pairs
}
