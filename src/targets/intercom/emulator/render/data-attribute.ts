import type { AttributeModel } from '../options.ts'
import type { Attribute } from '../state/attributes.ts'
import { since217, type Version } from '../http/version.ts'

/** A list attribute is a `string` with options. */
export function attributeBody(attribute: Attribute): object {
  const { id, model, name, type, options, description, messengerWritable, archived, adminId, createdAt, updatedAt } =
    attribute
  return {
    type: 'data_attribute',
    id,
    name,
    full_name: `custom_attributes.${name}`,
    label: name,
    description,
    data_type: type,
    ...(options === undefined ? {} : { options }),
    api_writable: true,
    ui_writable: false,
    messenger_writable: messengerWritable,
    custom: true,
    archived,
    admin_id: adminId,
    created_at: createdAt,
    updated_at: updatedAt,
    model,
  }
}

/** Only custom attributes have ids, admins and times. */
export function standardBodies(model: AttributeModel, version: Version): object[] {
  return standardAttributes(model).map(({ name, fullName, label, type, writable }) => ({
    type: 'data_attribute',
    name,
    full_name: fullName,
    label,
    description: label,
    data_type: type === 'date' && since217(version) ? 'datetime' : type,
    api_writable: writable,
    ui_writable: false,
    messenger_writable: false,
    custom: false,
    archived: false,
    model,
  }))
}

interface Standard {
  readonly name: string
  readonly fullName: string
  readonly label: string
  readonly type: string
  readonly writable: boolean
}

/** Each row: full name, type, label; `+` marks attributes that the API can write. */
const rows: Readonly<Record<AttributeModel, readonly string[]>> = {
  contact: [
    'id|string|ID',
    'workspace_id|string|Workspace ID',
    '+external_id|string|User ID',
    '+role|string|Type',
    '+name|string|Name',
    '+email|string|Email',
    '+phone|string|Phone',
    '+owner_id|integer|Owner',
    '+avatar|string|Avatar',
    '+signed_up_at|date|Signed up',
    '+last_seen_at|date|Last seen',
    '+unsubscribed_from_emails|boolean|Unsubscribed from Emails',
    'created_at|date|First Seen',
    'updated_at|date|Updated at',
    'last_contacted_at|date|Last contacted',
    'last_replied_at|date|Last heard from',
    'last_email_opened_at|date|Last opened email',
    'last_email_clicked_at|date|Last clicked on link in email',
    'has_hard_bounced|boolean|Hard bounced',
    'marked_email_as_spam|boolean|Marked email as spam',
    'browser|string|Browser',
    'browser_version|string|Browser Version',
    'browser_language|string|Browser Language',
    'os|string|OS',
    'language_override|string|Language override',
    'location.country|string|Country',
    'location.region|string|Region',
    'location.city|string|City',
  ],
  // Intercom lists `company_id` as not writable: it is set when the company is created.
  company: [
    '+name|string|Company name',
    'company_id|string|Company ID',
    'last_request_at|date|Company last seen',
    '+remote_created_at|date|Company created at',
    'user_count|integer|People',
    'session_count|integer|Company web sessions',
    'plan.name|string|Plan',
    '+monthly_spend|float|Monthly Spend',
    '+size|integer|Company size',
    '+industry|string|Company industry',
    '+website|string|Company website',
    'id|string|ID',
    'created_at|date|Created at',
    'updated_at|date|Updated at',
  ],
  conversation: [
    'id|string|ID',
    'title|string|Title',
    'state|string|State',
    'priority|string|Priority',
    'created_at|date|Created at',
  ],
}

/** The attributes that every workspace has, independent of the options. */
export function standardAttributes(model: AttributeModel): readonly Standard[] {
  return rows[model].map((row) => {
    const writable = row.startsWith('+')
    const [fullName = '', type = '', label = ''] = row.slice(writable ? 1 : 0).split('|')
    return { name: fullName.slice(fullName.lastIndexOf('.') + 1), fullName, label, type, writable }
  })
}
