import { z } from 'zod'
import type { FastifyInstance } from 'fastify'
import { readRecordStory } from '../../engine/record-story.ts'
import { authorshipWords, nextWords, nowWords } from '../../model/words/story.ts'
import { noCounts } from '../../model/run.ts'
import { groupNames, driftDetails } from '../../store/snapshot/drift.ts'
import { runPoints } from '../../store/runs/run-pages.ts'
import { countOwnership, lastVerification, pageDrift } from '../../store/snapshot/standing-figures.ts'
import { afterText, cursorIn, cursorOf, page } from '../cursor.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { listDrift, readOwnership, readRecord, readSeries } from './contract.ts'
import { findRow } from '../activations/show-activation.ts'

/** Upper limit of points in a chart. */
const mostPoints = 3000

const isoTime = (at: Date): string => at.toISOString()

const afterLink = z.object({ key: afterText, group: afterText })

/** History and current state of an Activation: by Record, over time, and by ownership. */
export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    project,
    now,
  } = services

  mount(app, services, readRecord, async ({ params: { activation }, query: { identifier } }) => {
    const story = await readRecordStory(pool, activation, identifier, project.connectors.behaviors)
    if (story === undefined) await project.read('activations', activation)
    const { entries, names, snapshot, invalidRows } = story ?? {
      entries: [],
      names: {} as Readonly<Record<string, string>>,
      snapshot: undefined,
      invalidRows: [],
    }
    return {
      record: identifier,
      known: entries.length > 0 || snapshot !== undefined || invalidRows.length > 0,
      targetId: snapshot?.targetId ?? entries.findLast(({ targetId }) => targetId !== null)?.targetId ?? null,
      now: story === undefined ? 'This Activation has not run yet.' : nowWords(story, isoTime),
      author: story === undefined ? [] : authorshipWords(story),
      next: story === undefined ? null : nextWords(story, now(), isoTime),
      events: entries.map(({ at, runId, kind, status, code, message, group, before, after, requestId, undoes }) => ({
        at: at.toISOString(),
        run: runId,
        operation: kind,
        status,
        code,
        message,
        groups: group === '' ? [] : [names[group] ?? group],
        before: before === null ? null : { ...before },
        after: after === null ? null : { ...after },
        requestId,
        undoes,
      })),
    }
  })

  mount(app, services, listDrift, async ({ params: { activation }, query: { cursor, limit } }) => {
    const row = await findRow(services, activation)
    if (row === undefined) return { items: [], next: null, last: null }
    const [rows, last, names] = await Promise.all([
      pageDrift(pool, row.id, cursorIn('drift', cursor, afterLink) ?? { key: '', group: '' }, limit + 1),
      lastVerification(pool, row.id),
      groupNames(pool, row.id),
    ])
    return {
      ...page(
        rows,
        limit,
        (entry) => ({
          record: entry.key,
          what: entry.what,
          members: [...driftDetails(entry, (id) => names.get(id) ?? id)],
          seenAt: entry.seenAt.toISOString(),
          due: entry.due,
        }),
        ({ key, group }) => cursorOf('drift', { key, group }),
      ),
      last: last === undefined ? null : { ...last, at: last.at.toISOString() },
    }
  })

  mount(app, services, readOwnership, async ({ params: { activation } }) => {
    const row = await findRow(services, activation)
    return row === undefined ? { managed: 0, external: 0, total: 0 } : await countOwnership(pool, row.id)
  })

  mount(app, services, readSeries, async ({ params: { activation }, query: { days } }) => {
    await findRow(services, activation)
    const points = await runPoints(pool, activation, days, mostPoints)
    return {
      points: points.map(({ run, at, status, durationMs, counts, requests, synced }) => {
        const { delivered, alreadyInPlace, rejected, onHold, unconfirmed } = { ...noCounts, ...counts }
        return {
          run,
          at: at.toISOString(),
          status,
          delivered,
          alreadyInPlace,
          rejected,
          onHold,
          unconfirmed,
          reads: requests.read ?? 0,
          writes: requests.write ?? 0,
          durationMs,
          held: synced ?? 0,
        }
      }),
    }
  })
}
