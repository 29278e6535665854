import { defineTarget } from '../../connect/index.ts'
import { check, identify } from './check.ts'
import { company } from './companies/company.ts'
import { companyTag } from './tags/company-tag.ts'
import { config, httpPolicy } from './config.ts'
import { contact } from './contacts/contact.ts'
import { contactCompany } from './companies/contact-company.ts'
import { contactTag } from './tags/contact-tag.ts'
import { conversationTag } from './tags/conversation-tag.ts'
import { ticketTag } from './tags/ticket-tag.ts'

export const target = defineTarget({
  contract: 2,
  id: 'intercom',
  name: 'Intercom',
  config,
  http: httpPolicy,
  identify,
  check,
  objects: [contact, company, contactTag, companyTag, conversationTag, ticketTag, contactCompany],
})
