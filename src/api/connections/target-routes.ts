import type { FastifyInstance } from 'fastify'
import { findObject, type TargetObject, type TargetSpec } from '../../connect/target.ts'
import type { Connection } from '../../engine/activation.ts'
import {
  listCustomObjects,
  listFields as fieldsOf,
  listGroups as groupsOf,
  type CheckPorts,
} from '../../engine/check.ts'
import { Fault } from '../../model/fault.ts'
import { suggestNames } from '../../model/nearest-names.ts'
import { saveHealth } from '../../store/project/project-entries.ts'
import { checkPorts } from '../engine-ports.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { listFields, listMembers, listObjects } from './contract.ts'
import { showObject } from './show-connector.ts'
import { troubleFrom } from './show-connection.ts'

/** Page limit; further groups are found by searching. */
const mostGroups = 500

export function routes(app: FastifyInstance, services: Services): void {
  const {
    project,
    database: { pool },
    redact,
  } = services

  /** Reads from a saved Target, and saves the result as its health. */
  const noteHealth = async <T>(name: string, read: () => Promise<T>): Promise<T> => {
    try {
      const seen = await read()
      await saveHealth(pool, 'targets', name, null)
      return seen
    } catch (error) {
      if (Fault.is(error) && (error.kind === 'auth' || error.kind === 'transient'))
        await saveHealth(pool, 'targets', name, troubleFrom(error, redact))
      throw error
    }
  }
  const look = async <T>(
    params: { readonly name: string; readonly object: string },
    signal: AbortSignal,
    work: (target: Connection<TargetSpec>, object: TargetObject, ports: CheckPorts) => Promise<T>,
  ): Promise<T> => {
    const target = await project.connection('targets', params.name)
    const object = objectOf(target, params.object)
    return await noteHealth(params.name, () => work(target, object, checkPorts(services, signal)))
  }

  mount(app, services, listObjects, async ({ params: { name }, signal }) => {
    const target = await project.connection('targets', name)
    const custom =
      target.spec.customObjects === undefined
        ? { objects: [], trouble: null }
        : await noteHealth(name, () => listCustomObjects(target, checkPorts(services, signal))).then(
            (objects) => ({ objects, trouble: null }),
            (error: unknown) => {
              // The objects that every account has can be chosen without the account.
              if (!Fault.is(error) || error.kind === 'bug') throw error
              return { objects: [], trouble: troubleFrom(error, redact) }
            },
          )
    const behaviors = [...project.connectors.behaviors.values()]
    return {
      items: [...target.spec.objects, ...custom.objects].map((object) => showObject(object, behaviors)),
      customTrouble: custom.trouble,
    }
  })

  mount(
    app,
    services,
    listMembers,
    async ({ params, query: { search = '' }, signal }) =>
      await look(params, signal, async (target, object, ports) => {
        const all = (await groupsOf(target, object, ports)) ?? []
        const found = all
          .filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
          .toSorted((a, b) => a.name.localeCompare(b.name))
        return {
          items: found.slice(0, mostGroups).map(({ name, id }) => ({ name, id })),
          truncated: found.length > mostGroups,
        }
      }),
  )

  mount(
    app,
    services,
    listFields,
    async ({ params, signal }) =>
      await look(params, signal, async (target, object, ports) => ({
        items: (await fieldsOf(target, object, ports)).map(
          ({ name, label, type, writable, required = false, options, remark = null }) => ({
            name,
            label,
            type,
            writable,
            required,
            options: options === undefined ? null : [...options],
            remark,
          }),
        ),
      })),
  )
}

function objectOf({ name, spec }: Connection<TargetSpec>, id: string): TargetObject {
  const object = findObject(spec, id)
  if (object !== undefined) return object
  const ids = spec.objects.map((each) => each.id)
  throw new Fault('usage', `The target "${name}" has no object "${id}"${suggestNames(id, ids, 'its objects')}.`, {
    code: 'object-not-found',
  })
}
