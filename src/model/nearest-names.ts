import { distance } from 'fastest-levenshtein'

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_\s]/g, '')
const words = (name: string) =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)

/** Valid names similar to `name`, nearest first; empty when none is similar. */
export function nearestNames(name: string, valid: readonly string[]): string[] {
  const wanted = plain(name)
  const near = valid.map((candidate) => ({ candidate, far: distance(wanted, plain(candidate)) }))
  const limit = Math.max(2, Math.floor(wanted.length / 3))
  const shared = words(name)
  return near
    .filter(({ candidate, far }) => {
      const shorter = Math.min(wanted.length, plain(candidate).length)
      return (far <= limit && far < shorter) || words(candidate).some((word) => shared.includes(word))
    })
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate)
}

/** `; did you mean "tags"?` and the list of valid names, as the end of an error message. */
export function suggestNames(name: string, valid: readonly string[], listed: string): string {
  const near = nearestNames(name, valid)[0]
  const list = valid.length === 0 ? '' : `; ${listed}: ${valid.join(', ')}`
  return `${near === undefined ? '' : `; did you mean "${near}"?`}${list}`.replace('?;', '?')
}
