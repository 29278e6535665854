import { listConnectorTypes, readConnection } from '../../../../src/api/connections/contract.ts'
import { useApi } from '../../../lib/use-api.ts'
import type { SqlLanguage } from './sql-editor-props.ts'

/** How this Warehouse writes SQL. Undefined until it is known. */
export function useSqlLanguage(warehouse: string): SqlLanguage | undefined {
  const kind = 'warehouses'
  const types = useApi(listConnectorTypes, { params: { kind } })
  const saved = useApi(readConnection, { params: { kind, name: warehouse } }, { enabled: warehouse !== '' })
  return types.data?.items.find(({ type }) => type === saved.data?.type)?.sql ?? undefined
}
