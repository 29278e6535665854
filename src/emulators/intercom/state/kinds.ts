/** The kinds of records that can have tags. */
export const kinds = ['contact', 'company', 'conversation', 'ticket'] as const
export type Kind = (typeof kinds)[number]
