export interface Admin {
  readonly id: string
  readonly name: string
  readonly email: string
}

export const admins: readonly Admin[] = [
  { id: '991267459', name: 'Ada Admin', email: 'ada@example.com' },
  { id: '991267460', name: 'Bram Admin', email: 'bram@example.com' },
  { id: '991267461', name: 'Cleo Admin', email: 'cleo@example.com' },
]

/** The admin with this id, or the first without an id. Throws when there is no such admin. */
export function adminOf(id: string | undefined): Admin {
  const admin = id === undefined ? admins[0] : adminById(id)
  if (admin !== undefined) return admin
  throw new Error(`there is no admin ${id} in the emulator; admins are ${admins.map((each) => each.id).join(', ')}`)
}

export function adminById(id: string): Admin | undefined {
  return admins.find((admin) => admin.id === id)
}
