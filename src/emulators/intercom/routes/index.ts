import { adminRoutes } from './admins.ts'
import { companyRoutes } from './companies.ts'
import { contactRoutes } from './contacts.ts'
import { contactTagRoutes } from './contact-tags.ts'
import { conversationRoutes } from './conversations.ts'
import { threadTagRoutes } from './thread-tags.ts'
import { tagRoutes } from './tags.ts'
import type { Route } from '../http/router.ts'

export const routes: readonly Route[] = [
  ...adminRoutes, ...tagRoutes, ...contactRoutes, ...contactTagRoutes, ...companyRoutes, ...conversationRoutes, ...threadTagRoutes,
]
