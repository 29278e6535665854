import { Link } from './link.tsx'

/** Activations by name, in a sentence. */
export function ActivationLinks({ names }: { readonly names: readonly string[] }) {
  return <>{names.map((name, index) => <span key={name}>{index > 0 && ', '}<Link to="/activations/$activation" params={{ activation: name }}>{name}</Link></span>)}</>
}
