import { ok } from '../../../../emulator-kit/answer.ts'
import { reject } from '../http/answer.ts'
import { adminBody, meBody } from '../render/admin.ts'
import { adminById, admins } from '../state/admins.ts'
import type { Route } from '../http/route.ts'

export const adminRoutes: readonly Route[] = [
  {
    // Needs no scope: it only proves that the token is valid.
    method: 'GET',
    path: '/me',
    effect: 'read',
    scopes: [],
    answer: ({ admin, workspace }) => ok(meBody(admin, workspace.settings)),
  },
  {
    method: 'GET',
    path: '/admins',
    effect: 'read',
    scopes: ['read_admins'],
    answer: ({ version }) => ok({ type: 'admin.list', admins: admins.map((admin) => adminBody(admin, version)) }),
  },
  {
    method: 'GET',
    path: '/admins/{id}',
    effect: 'read',
    scopes: ['read_admins'],
    answer({ params, version }) {
      const admin = adminById(params[0]!)
      return admin === undefined ? reject(404, 'admin_not_found', 'Admin not found') : ok(adminBody(admin, version))
    },
  },
]
