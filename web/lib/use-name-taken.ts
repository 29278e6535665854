import { useDebouncedValue } from '@mantine/hooks'
import { listActivations } from '../../src/api/activations/contract.ts'
import { listConnections } from '../../src/api/connections/contract.ts'
import { useApi } from './use-api.ts'

/** Whether an Activation with this name exists; checked while the user types. */
export function useActivationNameTaken(name: string): boolean {
  const [asked] = useDebouncedValue(name.trim(), 250)
  const found = useApi(listActivations, { query: { search: asked, limit: 200 } }, { enabled: asked !== '' })
  return asked !== '' && asked === name.trim() && found.data?.items.some((each) => each.name === asked) === true
}

export function useConnectionNameTaken(kind: 'warehouses' | 'targets', name: string): boolean {
  const [asked] = useDebouncedValue(name.trim(), 250)
  const found = useApi(
    listConnections,
    { params: { kind }, query: { search: asked, limit: 200 } },
    { enabled: asked !== '' },
  )
  return asked !== '' && asked === name.trim() && found.data?.items.some((each) => each.name === asked) === true
}
