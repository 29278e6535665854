import { Code } from '@mantine/core'
import { value as shown } from '../lib/format.ts'
import styles from './before-after.module.css'

type Values = Readonly<Record<string, unknown>> | null

/** Previous and new values of a Record, one line per field. Changed ones are marked by text and weight. */
export function BeforeAfter({ before, after }: { readonly before: Values; readonly after: Values }) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  if (fields.length === 0) return null
  return (
    <table className={styles['table']}>
      <caption>Before and after</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => {
          const [old, now] = [before?.[field], after?.[field]]
          const isChanged = after !== null && before !== null && shown(old) !== shown(now)
          return (
            <tr key={field} data-changed={isChanged}>
              <th scope="row">{field}</th>
              <td>{before === null ? <Unknown /> : <Code>{shown(old) || '(empty)'}</Code>}</td>
              <td>
                {after === null ? <Unknown /> : <Code>{shown(now) || '(empty)'}</Code>}
                {isChanged && <span className={styles['mark']}>changed</span>}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Unknown() {
  return <span className={styles['unknown']}>unknown</span>
}
