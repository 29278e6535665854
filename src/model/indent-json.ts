/**
 * JSON, a line for each value. It only moves white space: numbers of any length stay as they were written, and a text that was cut, or is
 * no JSON further on, is shown as far as it goes. What does not begin as an object or a list stays as it is.
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
