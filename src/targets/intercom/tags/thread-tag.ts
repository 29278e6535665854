import { indexLagMs } from '../index-lag.ts'
import {
  defineObject,
  forEachOperation,
  type Identity,
  type Io,
  type Observed,
  type Resolved,
  type Listing,
  type TargetObject,
} from '../../../connect/index.ts'
import { resolveAdmin } from '../admin.ts'
import { deliverValidIds, path } from '../identity.ts'
import type { IntercomConfig } from '../config.ts'
import { recallAuthor, type Author } from './write-author.ts'
import { prepareTags, resolveTags, type Ready } from './resolve-tags.ts'
import { tagGroup, tagLabels } from './tag-group.ts'
import { threadSettings, type TagSettings } from '../settings.ts'
import { tagOne, type TaggedObject } from './tag-one.ts'

/** An object that teammates reply to. An admin tags it, one target record per call. */
export interface Thread {
  readonly noun: 'conversation' | 'ticket'
  readonly label: string
  readonly identifierLabel: string
  read(io: Io, want: readonly Identity[], author?: Author): AsyncIterable<Observed>
  readonly listing?: Listing<Ready>
}

export function threadTag({ noun, label, identifierLabel, read, listing }: Thread): TargetObject {
  return defineObject<TagSettings, Ready, IntercomConfig>({
    id: `${noun}_tag`,
    label,
    noun: { one: noun, many: `${noun}s` },
    labels: tagLabels,
    settings: threadSettings,
    operations: ['attach', 'detach'],
    group: tagGroup,
    indexLagMs,
    batch: { max: 50 },
    identifiers: [{ field: 'id', label: identifierLabel, accepts: ['text', 'integer'] }],
    async resolve(io, chosen): Promise<Resolved<Ready>> {
      const resolved = await resolveTags(io, chosen, io.config.apiVersion)
      return {
        ...resolved,
        ready: {
          ...resolved.ready,
          adminId: await resolveAdmin(io, chosen.admin),
          author: await recallAuthor(io, noun),
        },
      }
    },
    prepare: prepareTags,
    countCalls: (_ready, _kind, operations) => operations,
    read: (io, ready, want) => read(io, want, ready.author),
    ...(listing && { listing }),
    deliver(io, ready, operations) {
      const targetRecord = threadOf(noun, ready.adminId ?? '')
      return deliverValidIds(operations, (valid) =>
        forEachOperation(valid, (operation) => tagOne(io, ready, targetRecord, operation)),
      )
    },
  })
}

/** Both calls need the admin id; DELETE takes it in a JSON body (Intercom-OpenAPI 2.16). */
function threadOf(noun: Thread['noun'], adminId: string): TaggedObject {
  const targetRecords = `${noun}s`
  return {
    noun,
    adminId,
    attach: (id, tagId) => ({
      method: 'POST',
      path: path(targetRecords, id, 'tags'),
      body: { id: tagId, admin_id: adminId },
    }),
    detach: (id, tagId) => ({
      method: 'DELETE',
      path: path(targetRecords, id, 'tags', tagId),
      body: { admin_id: adminId },
    }),
    itself: (id) => path(targetRecords, id),
  }
}
