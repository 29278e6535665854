import { plural } from '../../lib/format.ts'
import { Link } from '../../ui/link.tsx'

const shownFirst = 20

/** Links to Activations as part of a sentence; only the first ones of a long list. */
export function ActivationLinks({ names }: { readonly names: readonly string[] }) {
  const left = names.length - shownFirst
  return (
    <>
      {names.slice(0, shownFirst).map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <Link to="/activations/$activation" params={{ activation: name }}>
            {name}
          </Link>
        </span>
      ))}
      {left > 0 && ` and ${plural(left, 'other')}`}
    </>
  )
}
