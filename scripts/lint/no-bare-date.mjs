/** An oxlint plugin. `new Date()` reads the clock just as `Date.now()` does, and no built-in rule catches it. */
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

// oxlint loads the default export of a plugin.
export default { meta: { name: 'tailrace' }, rules: { 'no-bare-date': rule } }
