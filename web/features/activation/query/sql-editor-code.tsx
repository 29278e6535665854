import { MySQL, PostgreSQL, sql, SQLDialect, StandardSQL, type SQLNamespace } from '@codemirror/lang-sql'
import CodeMirror, { Decoration, EditorView, type EditorState, type Extension } from '@uiw/react-codemirror'
import { useMemo } from 'react'
import type { SqlEditorProps, SqlLanguage, SqlProblem } from './sql-editor-props.ts'
import styles from './sql-editor.module.css'

interface CodeProps extends SqlEditorProps {
  readonly scheme: 'light' | 'dark'
  readonly describedBy: string
}

/** The large part of SqlEditor, loaded when a query is first edited. */
export function SqlEditorCode({
  value,
  onChange,
  label,
  language,
  schema,
  problem = null,
  handleRef,
  disabled = false,
  scheme,
  describedBy,
  minHeight = '200px',
}: CodeProps) {
  const extensions = useMemo(
    (): Extension[] => [
      sql({
        dialect: dialectOf(language),
        upperCaseKeywords: false,
        ...(schema === undefined ? {} : { schema: namespaceOf(schema) }),
      }),
      EditorView.lineWrapping,
      // Escape closes the auto-complete list, not the dialog around the editor.
      EditorView.contentAttributes.of({
        'data-mantine-stop-propagation': 'true',
        'aria-label': label,
        'aria-describedby': describedBy,
        ...(problem !== null && { 'aria-invalid': 'true' }),
        ...(disabled && { 'aria-disabled': 'true', tabindex: '0' }),
      }),
      problem === null ? [] : EditorView.decorations.compute([], (state) => underline(state, problem)),
    ],
    [language, schema, label, describedBy, problem, disabled],
  )
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      extensions={extensions}
      theme={scheme}
      editable={!disabled}
      readOnly={disabled}
      minHeight={minHeight}
      maxHeight="50vh"
      // Tab leaves the editor, as in other fields. Enter accepts the auto-complete suggestion.
      indentWithTab={false}
      basicSetup={{ foldGutter: false, highlightActiveLine: false, searchKeymap: false }}
      onCreateEditor={(view) => {
        if (handleRef === undefined) return
        handleRef.current = {
          insert: (text) => {
            view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true })
            view.focus()
          },
        }
      }}
    />
  )
}

/** CodeMirror has no dialect of most warehouses: it gets the keywords of a near one, and the signs of the warehouse. */
function dialectOf(language: SqlLanguage | undefined): SQLDialect {
  if (language === undefined) return StandardSQL
  const { keywords, nameQuotes, dollarQuotedStrings, ...signs } = language
  const base = { postgresql: PostgreSQL, mysql: MySQL, standard: StandardSQL }[keywords]
  return SQLDialect.define({
    ...base.spec,
    ...signs,
    identifierQuotes: nameQuotes,
    doubleDollarQuotedStrings: dollarQuotedStrings,
  })
}

type Tables = NonNullable<SqlEditorProps['schema']>

function namespaceOf(tables: Tables): SQLNamespace {
  const schemas: Record<string, Record<string, readonly string[]>> = {}
  const bare: Record<string, readonly string[]> = {}
  for (const { schema, name, columns } of tables) {
    const names = columns.map((column) => column.name)
    ;(schemas[schema] ??= {})[name] = names
    bare[name] ??= names
  }
  return { ...schemas, ...bare }
}

function underline(state: EditorState, { line, column }: SqlProblem) {
  if (line === null || line > state.doc.lines) return Decoration.none
  const at = state.doc.line(line)
  const from = Math.min(at.from + Math.max((column ?? 1) - 1, 0), at.to)
  const word = column === null ? at : (state.wordAt(from) ?? { from, to: Math.min(from + 1, at.to) })
  return word.to > word.from
    ? Decoration.set(Decoration.mark({ class: styles['wrong'] ?? '' }).range(word.from, word.to))
    : Decoration.none
}
