import { defineTarget } from '../../connect/index.ts'
import { check, identify } from './check.ts'
import { company } from './company.ts'
import { companyTag } from './company-tag.ts'
import { config, httpPolicy } from './config.ts'
import { contact } from './contact.ts'
import { contactCompany } from './contact-company.ts'
import { contactTag } from './contact-tag.ts'
import { conversationTag } from './conversation-tag.ts'
import { ticketTag } from './ticket-tag.ts'

export const target = defineTarget({
  specVersion: 1,
  id: 'intercom',
  name: 'Intercom',
  config,
  http: httpPolicy,
  identify,
  check,
  objects: [contact, company, contactTag, companyTag, conversationTag, ticketTag, contactCompany],
})
