/**
 * Formats JSON with one value per line. Only white space changes: numbers keep all digits, and truncated or invalid
 * JSON is formatted as far as possible. Text that does not start as an object or a list is returned unchanged.
 */
export function indentJson(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text
  const lines: string[] = []
  let line = ''
  let depth = 0
  const breakLine = (): void => {
    lines.push(line)
    line = '  '.repeat(depth)
  }
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]\s*[\]}]|[[\]{},:]|[^\s"[\]{},:]+/gs)) {
    if (token === '{' || token === '[') {
      line += token
      depth += 1
      breakLine()
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1)
      breakLine()
      line += token
    } else if (token === ',') {
      line += token
      breakLine()
    } else line += token === ':' ? ': ' : /^[[{]/.test(token) ? token.replace(/\s/g, '') : token
  }
  return [...lines, line].filter((each) => each.trim() !== '').join('\n')
}
