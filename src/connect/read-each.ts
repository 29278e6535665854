/**
 * Reads for each item, several at once (`io.http` decides how many requests are really out), and yields what was read as
 * it was asked. At most `ahead` reads are under way, so that memory stays flat over any number of items.
 */
export async function* readEach<Item, Read>(
  items: readonly Item[],
  read: (item: Item) => Promise<Read>,
  ahead = 100,
): AsyncGenerator<Read> {
  const underWay: Promise<Read>[] = []
  const start = (item: Item): void => {
    const reading = read(item)
    // A failure is thrown where its turn comes; until then it must not count as unhandled.
    reading.catch(() => undefined)
    underWay.push(reading)
  }
  for (const item of items) {
    if (underWay.length >= ahead) yield await (underWay.shift() as Promise<Read>)
    start(item)
  }
  for (const reading of underWay) yield await reading
}
