import type { Right, TargetSpec } from '../../connect/target.ts'
import type { WarehouseSpec } from '../../connect/warehouse.ts'
import type { Connection } from '../../engine/activation.ts'
import type { Notice } from '../../model/notice.ts'
import { checkTarget, checkWarehouse, type CheckPorts } from '../../engine/check.ts'

/** What a successful connection test reports. */
export interface Tried {
  readonly version: string | null
  readonly account: string | null
  readonly accountId: string | null
  readonly user: string | null
  readonly rights: readonly Right[]
  readonly notices: readonly Notice[]
}

/** Connects, checks and disconnects. Throws a Fault if it cannot connect. */
export async function tryWarehouse(
  connection: Connection<WarehouseSpec>,
  dir: string,
  ports: CheckPorts,
): Promise<Tried> {
  const { session, version, notices } = await checkWarehouse(connection, dir, ports)
  await session.close()
  return { version, account: null, accountId: null, user: null, rights: [], notices }
}

export async function tryTarget(connection: Connection<TargetSpec>, ports: CheckPorts): Promise<Tried> {
  const {
    client,
    as: { account, accountId, user, rights },
  } = await checkTarget(connection, ports)
  await client.close()
  return { version: null, account, accountId, user, rights, notices: [] }
}
