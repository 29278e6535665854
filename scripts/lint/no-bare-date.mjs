/** An oxlint plugin: `new Date()` reads the clock as surely as `Date.now()`, and no built-in rule sees it. */
const rule = {
  create(context) {
    return {
      NewExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) {
          context.report({ node, message: 'The time is handed in: take it as a parameter.' })
        }
      },
    }
  },
}

// oxlint loads a plugin's default export.
export default { meta: { name: 'tailrace' }, rules: { 'no-bare-date': rule } }
