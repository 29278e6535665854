import type { Admin } from '../state/admins.ts'
import { since216, type Version } from '../http/version.ts'
import type { Settings } from '../options.ts'

/** `workspace_id` of contacts. */
export const workspaceCode = 'emulator'

export function adminBody({ id, email, name }: Admin, version: Version): object {
  return {
    type: 'admin',
    id,
    email,
    name,
    away_mode_enabled: false,
    away_mode_reassign: false,
    has_inbox_seat: true,
    away_status_reason_id: null,
    team_ids: [],
    avatar: null,
    ...(since216(version) ? { role: null } : {}),
  }
}

export function meBody({ id, email, name }: Admin, { region, timezone, workspace }: Settings): object {
  return {
    type: 'admin',
    id,
    email,
    name,
    email_verified: true,
    has_inbox_seat: true,
    avatar: { type: 'avatar', image_url: null },
    app: {
      type: 'app',
      id_code: workspace,
      name: 'Emulated workspace',
      created_at: 1_680_000_000,
      secure: false,
      identity_verification: false,
      timezone,
      region: region.toUpperCase(),
    },
  }
}
