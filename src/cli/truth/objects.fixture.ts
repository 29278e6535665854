import { emulators } from '../../targets/emulators.gen.ts'
import { targets } from '../../targets/registry.gen.ts'
import { simulateRecords } from '../../testing/simulated/simulated-records.ts'
import { simulateTarget } from '../../testing/simulated/simulated-target.ts'
import { casesOf, perCase, type ObjectUnderTest, type TruthCase } from './cases.fixture.ts'

const { companyId, companyIntercomId, contactId, externalId, startIntercomEmulator, ticketId } =
  await emulators.intercom()

/** Every behavior of Intercom's objects, on an emulator. `close` ends it. */
export async function intercomCases(): Promise<{ readonly cases: readonly TruthCase[]; close(): Promise<void> }> {
  const intercom = await startIntercomEmulator({
    contacts: perCase * 12,
    companies: perCase * 12,
    conversations: perCase * 4,
    tickets: perCase * 4,
    tags: ['VIP'],
    limit: 1_000_000,
  })
  const spec = await targets.intercom?.()
  if (spec === undefined) throw new Error('There is no Intercom target.')
  const { world } = intercom
  const catchUp = (): void => world.catchUp()
  const tags = { tags: ['VIP'] }
  const company = companyId(perCase * 12)
  const objects: readonly ObjectUnderTest[] = [
    {
      catchUp,
      object: 'contact_tag',
      holds: (key) => world.tagsOn('contact', key).includes('VIP'),
      field: 'id',
      existing: contactId,
      settings: tags,
      hasLink: (at) => world.attach('contact', contactId(at), 'VIP'),
    },
    {
      catchUp,
      object: 'company_tag',
      holds: (key) => world.tagsOn('company', key).includes('VIP'),
      field: 'company_id',
      existing: companyId,
      settings: tags,
      hasLink: (at) => world.attach('company', companyIntercomId(at), 'VIP'),
    },
    {
      catchUp,
      object: 'conversation_tag',
      holds: (key) => world.tagsOn('conversation', key).includes('VIP'),
      field: 'id',
      existing: String,
      settings: tags,
      hasLink: (at) => world.attach('conversation', String(at), 'VIP'),
    },
    {
      catchUp,
      object: 'ticket_tag',
      holds: (key) => world.tagsOn('ticket', key).includes('VIP'),
      field: 'id',
      existing: ticketId,
      settings: tags,
      hasLink: (at) => world.attach('ticket', ticketId(at), 'VIP'),
    },
    {
      catchUp,
      object: 'contact_company',
      holds: (key) => world.companiesOf(key).includes(world.company(company)?.id ?? ''),
      field: 'id',
      existing: contactId,
      settings: { companies: [company] },
      hasLink: (at) => world.join(contactId(at), company),
    },
    {
      catchUp,
      object: 'contact',
      holds: (key) => world.contact({ external_id: key })?.state === 'live',
      field: 'external_id',
      existing: externalId,
      mapped: 'name',
    },
    {
      catchUp,
      object: 'company',
      holds: (key) => world.company(key)?.state === 'live',
      field: 'company_id',
      existing: companyId,
      mapped: 'name',
    },
  ]
  const config = spec.config.parse({ token: intercom.token, baseUrl: intercom.url, concurrency: 4 })
  const cases = objects.flatMap((under) => {
    const object = spec.objects.find(({ id }) => id === under.object)
    if (object === undefined) throw new Error(`Intercom has no ${under.object}.`)
    return casesOf(under, object, (wrapped) => ({
      target: { name: 't', spec: { ...spec, objects: [wrapped] }, config, secrets: [intercom.token] },
    }))
  })
  return { cases, close: () => intercom.close() }
}

/** Every behavior of the simulated Target's two objects. */
export function simulatedCases(): readonly TruthCase[] {
  const key = (at: number): string => `k${at}`
  const links = simulateTarget(Array.from({ length: perCase * 4 }, (_, at) => key(at)))
  const whole = simulateRecords('unique')
  for (let at = 0; at < perCase * 8; at += 1) whole.create(key(at), { a: 'before' }, -7200)
  whole.catchUp()
  const [link] = links.spec.objects
  const [wholeObject] = whole.spec.objects
  if (link === undefined || wholeObject === undefined) throw new Error('The simulated Target has no object.')
  return [
    ...casesOf(
      {
        object: link.id,
        holds: (record) => links.tagged.has(record),
        catchUp: links.catchUp,
        field: 'id',
        existing: key,
        settings: { tags: ['Tag'] },
        hasLink: (at) => links.byHand(key(at), 'on', -7200),
      },
      link,
      (wrapped) => ({ target: { name: 't', spec: { ...links.spec, objects: [wrapped] }, config: {}, secrets: [] } }),
    ),
    ...casesOf(
      {
        object: wholeObject.id,
        holds: (record) => whole.live(record).length > 0,
        catchUp: whole.catchUp,
        field: 'ext',
        existing: key,
        mapped: 'a',
      },
      wholeObject,
      (wrapped) => ({
        target: { name: 't', spec: { ...whole.spec, objects: [wrapped] }, config: {}, secrets: [] },
      }),
    ),
  ]
}
