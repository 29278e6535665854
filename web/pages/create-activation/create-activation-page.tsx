import { useSearch } from '@tanstack/react-router'
import { readActivation } from '../../../src/api/activations/contract.ts'
import { value } from '../../lib/format.ts'
import { useApi } from '../../lib/use-api.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { DraftChoice } from './draft-choice.tsx'
import { withKeys, type Config } from '../../lib/activation-config.ts'
import type { Draft } from './kept-draft.ts'

/** CREATE ACTIVATION, empty or as a copy of another Activation. */
export function CreateActivationPage() {
  const search = useSearch({ strict: false }) as { readonly from?: unknown }
  const from = search.from === undefined ? null : value(search.from)
  const original = useApi(readActivation, { params: { activation: from ?? '' } }, { enabled: from !== null })
  const title = from === null ? 'Create Activation' : `Clone ${from}`
  return (
    <Page title={title} crumbs={[{ label: 'Activations', to: '/activations' }]}>
      {from === null ? (
        <DraftChoice key="new" from={null} start={{ name: '', config: {} }} />
      ) : (
        <Loaded query={original}>
          {({ name, config }) => <DraftChoice key={name} from={from} start={cloned(name, config)} />}
        </Loaded>
      )}
    </Page>
  )
}

/** A copy that does not take over the original's state, unless the user asks for it later. */
export function cloned(name: string, config: Config): Draft {
  return { name: `${name}-copy`, config: withKeys(config, { adopts: undefined }) }
}
