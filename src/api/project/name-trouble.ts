import type { Section } from '../../store/project/project-entries.ts'

/** Names that mean something else in a path of the API. */
const reserved = ['types', 'test']

/** Why a thing cannot be saved under this name, if so. */
export function nameTrouble(section: Section, name: string): string | undefined {
  if (name.trim() !== name) return 'begins or ends with a space'
  if (/\p{Cc}/u.test(name)) return 'holds control characters'
  if (name === '.' || name === '..') return `"${name}" means another place in a path; choose another name`
  if (name.length > 200) return 'has more than 200 characters'
  return section !== 'activations' && reserved.includes(name) ? `"${name}" is a word of the server's own; choose another name` : undefined
}
