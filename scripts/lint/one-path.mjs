/** An oxlint plugin: rules that keep one path for links and whole records, and one writer of the Snapshot. */
const writesSnapshot =
  /\b(insert\s+into|update(\s+only)?|delete\s+from(\s+only)?|truncate(\s+table)?|merge\s+into|copy)\s+("?\w+"?\.)?"?snapshot\b/i

const oneSnapshotWriter = {
  create(context) {
    const check = (node, text) => {
      if (writesSnapshot.test(text))
        context.report({ node, message: 'Only src/store/snapshot/write-snapshot.ts writes the Snapshot.' })
    }
    return {
      Literal(node) {
        if (typeof node.value === 'string') check(node, node.value)
      },
      TemplateElement(node) {
        check(node, node.value.raw)
      },
    }
  },
}

/** `object.group`, `activation.object.group` and the like: whether a Target object has groups. */
const isGroupOfObject = (node) =>
  node.type === 'MemberExpression' &&
  node.property.name === 'group' &&
  (node.object.name === 'object' || node.object.property?.name === 'object')
const isUndefined = (node) => node.type === 'Identifier' && node.name === 'undefined'

const noGroupBranch = {
  create(context) {
    return {
      BinaryExpression(node) {
        const { left, right } = node
        if ((isGroupOfObject(left) && isUndefined(right)) || (isGroupOfObject(right) && isUndefined(left)))
          context.report({
            node,
            message:
              'Links and whole records take one path: use the key (key, group), the behavior, or what the object declares.',
          })
      },
    }
  },
}

// oxlint loads the default export of a plugin.
export default {
  meta: { name: 'tailrace-path' },
  rules: { 'one-snapshot-writer': oneSnapshotWriter, 'no-group-branch': noGroupBranch },
}
