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

export function adminById(id: string): Admin | undefined {
  return admins.find((admin) => admin.id === id)
}
