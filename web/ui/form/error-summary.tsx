import type { FieldError } from '../../lib/field-errors.ts'
import { Notice } from '../notice.tsx'

/** All errors, including those in folded sections or on other pages. Each is also shown beside its field. */
export function ErrorSummary({ errors }: { readonly errors: readonly FieldError[] }) {
  if (errors.length === 0) return null
  return (
    <Notice
      tone="bad"
      role="alert"
      title={errors.length === 1 ? '1 problem to correct' : `${errors.length} problems to correct`}
    >
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {errors.map(({ pointer, detail }) => (
          <li key={pointer + detail}>
            {pointer !== '' && (
              <>
                <code>{pointer.slice(1).replaceAll('/', ' › ')}</code>:{' '}
              </>
            )}
            {detail}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
