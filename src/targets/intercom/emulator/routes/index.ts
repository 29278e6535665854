import { adminRoutes } from './admins.ts'
import { companyRoutes, companyWriteRoutes } from './companies.ts'
import { contactRoutes, contactWriteRoutes } from './contacts.ts'
import { contactCompanyRoutes } from './contact-companies.ts'
import { contactTagRoutes, threadTagRoutes } from './record-tags.ts'
import { contactLifecycleRoutes } from './contact-lifecycle.ts'
import { conversationRoutes, ticketRoutes } from './conversations.ts'
import { dataAttributeRoutes } from './data-attributes.ts'
import { tagRoutes } from './tags.ts'
import type { Route } from '../http/route.ts'

export const routes: readonly Route[] = [
  ...adminRoutes,
  ...tagRoutes,
  ...contactRoutes,
  ...contactWriteRoutes,
  ...contactLifecycleRoutes,
  ...contactTagRoutes,
  ...companyRoutes,
  ...companyWriteRoutes,
  ...conversationRoutes,
  ...threadTagRoutes,
  ...dataAttributeRoutes,
  ...contactCompanyRoutes,
  ...ticketRoutes,
]
