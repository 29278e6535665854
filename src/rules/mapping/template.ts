/** A piece of text or a column, in the order of the template. */
export type TemplatePart = { readonly text: string } | { readonly column: string }

/** The parts of `{{ first_name }} {{ last_name }}`; undefined: unpaired braces, or no name between them. */
export function templateParts(template: string): readonly TemplatePart[] | undefined {
  const pieces = template.split(/\{\{([^{}]*)\}\}/)
  const parts = pieces.map((piece, index): TemplatePart =>
    index % 2 === 1 ? { column: piece.trim() } : { text: piece },
  )
  const isBroken = parts.some((part) => ('column' in part ? part.column === '' : /\{\{|\}\}/.test(part.text)))
  return isBroken ? undefined : parts.filter((part) => 'column' in part || part.text !== '')
}
