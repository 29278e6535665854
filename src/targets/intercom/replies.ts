import { z } from 'zod'
import { Fault, type HttpReply, type Outcome } from '../../connect/index.ts'
import { requestOf, succeeded, vendorError } from './answer.ts'

/*
 * The parts of Intercom's answers that are used; everything else in an answer is ignored. Shapes follow 2.14 to 2.16
 * (Intercom-OpenAPI) and recorded answers. Every answer that is read is checked against one of them.
 */

/** Ids are strings, and in some answers numbers. A number above 2^53 is invalid, because it cannot be exact. */
const id = z.union([z.string().min(1), z.int().nonnegative().transform(String)], { error: 'an id is expected' })
const words = z.string().nullish().catch(undefined)
const count = z.int({ error: 'a count is expected' }).nonnegative()
const seconds = z.number({ error: 'unix seconds are expected' }).nonnegative().nullish()

/** `next` is null on the last page, a cursor in most lists, a URL in some. */
const next = z
  .union([z.string(), z.looseObject({ starting_after: id.nullish(), per_page: id.nullish(), page: id.nullish() })], {
    error: 'a cursor is expected',
  })
  .nullish()
const pages = z.looseObject({ next }).nullish()
export type NextPage = z.output<typeof next>

/** The cursor of the next page of a list; undefined on the last page. */
export function cursorIn({ pages: listed }: { readonly pages?: z.output<typeof pages> }): string | undefined {
  const following = listed?.next
  return typeof following === 'string' ? undefined : (following?.starting_after ?? undefined)
}

export const me = z.looseObject({
  id,
  name: words,
  email: words,
  app: z.looseObject({ id_code: id, name: words, region: words }),
})
export const admins = z.looseObject({ admins: z.array(z.looseObject({ id, email: words })) })
export const tag = z.looseObject({ id, name: z.string() })
export const tags = z.looseObject({ data: z.array(tag) })
/** A tag as shown on a target record that has it. */
export const tagReply = z.looseObject({
  id,
  applied_at: seconds,
  applied_by: z.looseObject({ id: id.nullish() }).nullish(),
})
export const tagsReply = z.array(tagReply)
export const counted = z.looseObject({ total_count: count })
export const attribute = z.looseObject({
  name: z.string(),
  full_name: z.string().nullish(),
  data_type: z.string(),
  archived: z.boolean().nullish(),
  api_writable: z.boolean().nullish(),
})
export const attributes = z.looseObject({ data: z.array(attribute) })
/** A contact, company or conversation. Its other values are read by field name. */
export const targetRecord = z.looseObject({
  id,
  custom_attributes: z.looseObject({}, { error: 'an object is expected' }).optional(),
})
export const targetRecords = z.looseObject({ data: z.array(targetRecord), pages, total_count: count.nullish() })
export const conversations = z.looseObject({ conversations: z.array(targetRecord), pages })
/** A company requested by something other than its id: a list is documented, one company is what Intercom sends. */
export const companyOrList = z.union(
  [
    z.looseObject({ type: z.literal('list'), data: z.array(targetRecord) }),
    targetRecord.refine(({ type }) => type !== 'list'),
  ],
  { error: 'a company is expected' },
)
/** The schema says `companies`, the example `data`. */
export const contactCompaniesReply = z.union(
  [
    z.looseObject({ data: z.array(targetRecord), pages, total_count: count.nullish() }),
    z
      .looseObject({ companies: z.array(targetRecord), pages, total_count: count.nullish() })
      .transform(({ companies, ...rest }) => ({ ...rest, data: companies })),
  ],
  { error: 'a list of companies is expected' },
)

/** The body in this shape. Throws for an error answer or another shape. `request`: "GET /tags". */
export function readReply<Shape extends z.ZodType>(shape: Shape, reply: HttpReply, request: string): z.output<Shape> {
  if (!succeeded(reply)) throw oddAnswer(request, reply)
  const read = shape.safeParse(reply.body)
  if (read.success) return read.data
  throw oddAnswer(request, reply, oddities(read.error))
}

/** Part of an answer, such as the tags inside a contact. */
export function readPart<Shape extends z.ZodType>(
  shape: Shape,
  part: unknown,
  reply: HttpReply,
  request: string,
): z.output<Shape> {
  const read = shape.safeParse(part)
  if (read.success) return read.data
  throw oddAnswer(request, reply, oddities(read.error))
}

/** A Fault for an undocumented answer: to a read, or to a call whose result nothing else can show. */
export function oddAnswer(request: string, reply: HttpReply, why?: string): Fault {
  const said = vendorError(reply).message
  const isRead = /^GET |\/(search|list)\b/.test(request)
  return new Fault(
    'config',
    `Intercom answered ${request} in an unknown form (status ${reply.status}${said === '' ? '' : `: ${said}`})${why === undefined ? '' : `: ${why}`}.`,
    {
      code: 'odd-answer',
      mayHaveApplied: !isRead,
      ...requestOf(reply),
      advice:
        "Check that `baseUrl` is the address of Intercom's API, and check whether a proxy answers instead of Intercom. If both are right, please report it.",
    },
  )
}

/** A write answered with success but not as documented: only a read can show what it did. */
export function oddOutcome(request: string, reply: HttpReply, why: string): Outcome {
  return {
    status: 'unconfirmed',
    code: 'odd-answer',
    message: `Intercom answered ${request} with success, but ${why}.`,
    ...requestOf(reply),
  }
}

/** A 2xx without the tag in question, such as an empty body: only a read can show what the call did. */
export function tagNotNamed(request: string, reply: HttpReply): Outcome {
  return oddOutcome(request, reply, 'did not show the tag as documented')
}

/** The first schema error, e.g. `data[3].id: an id is expected`. For an error at the top level: "the body: …". */
function oddities({ issues }: z.ZodError): string {
  const [first] = issues
  if (first === undefined) return 'it has another form'
  const at = first.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
  return `${at === '' ? 'the body' : at}: ${first.message.replace(/^Invalid input: /, '')}`
}
