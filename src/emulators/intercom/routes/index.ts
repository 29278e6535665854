import { adminRoutes } from './admins.ts'
import { companyRoutes } from './companies.ts'
import { companyWriteRoutes } from './company-writes.ts'
import { contactRoutes } from './contacts.ts'
import { contactCompanyRoutes } from './contact-companies.ts'
import { contactTagRoutes } from './contact-tags.ts'
import { contactLifecycleRoutes } from './contact-lifecycle.ts'
import { contactWriteRoutes } from './contact-writes.ts'
import { conversationRoutes } from './conversations.ts'
import { dataAttributeRoutes } from './data-attributes.ts'
import { threadTagRoutes } from './thread-tags.ts'
import { ticketRoutes } from './tickets.ts'
import { tagRoutes } from './tags.ts'
import type { Route } from '../http/router.ts'

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
