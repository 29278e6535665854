import type { Section } from '../../store/project/project-entries.ts'

/** Names that collide with paths of the API. */
const reserved = ['types', 'test']

/** Why an entry cannot be saved under this name; undefined if it can. */
export function nameTrouble(section: Section, name: string): string | undefined {
  if (name.trim() !== name) return 'starts or ends with a space'
  if (/\p{Cc}/u.test(name)) return 'contains control characters'
  if (name === '.' || name === '..') return `"${name}" has a special meaning in paths; choose another name`
  if (name.length > 200) return 'has more than 200 characters'
  return section !== 'activations' && reserved.includes(name)
    ? `"${name}" is reserved by the server; choose another name`
    : undefined
}
