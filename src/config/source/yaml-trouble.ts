import type { YAMLError } from 'yaml'

const quote = 'put the value in quotes, or write it on the lines below a "|"'

/** Explains an error of the YAML parser and what to do; uses the parser's message if it already does. */
export function explainYamlError(error: YAMLError): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'the indentation contains a tab; YAML allows only spaces'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return `not valid YAML: this value contains ": ", so YAML reads it as a mapping; ${quote}`
    case 'BAD_SCALAR_START':
      return `not valid YAML: ${lowerFirst(error.message)}; ${quote}`
    case 'MULTIPLE_DOCS':
      return 'a second YAML document starts here ("---"); a file can contain only one'
    case 'TAG_RESOLVE_FAILED':
      return `not valid here: ${lowerFirst(error.message)}; a value that starts with "!" must be in quotes`
    case 'NON_STRING_KEY':
      return 'a key must be text'
    // Without the text it quotes from the file, which may be a secret.
    default:
      return `not valid YAML: ${lowerFirst(error.message).replace(/: ".*"$/s, '')}`
  }
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
