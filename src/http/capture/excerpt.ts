/** Bytes that are kept of a text, in UTF-8. */
const excerptBytes = 4096

export interface Excerpt {
  readonly text: string
  /** Of the whole, in bytes: more than is kept where it was cut. */
  readonly size: number
}

/** The beginning of a text, never half a letter. NUL, which PostgreSQL cannot hold, becomes the sign for what cannot be shown. */
export function excerpt(text: string): Excerpt {
  const size = Buffer.byteLength(text)
  const start = size <= excerptBytes ? text : new TextDecoder().decode(Buffer.from(text).subarray(0, excerptBytes), { stream: true })
  return { text: start.replaceAll('\0', '\uFFFD'), size }
}

export function isCut({ size }: Excerpt): boolean {
  return size > excerptBytes
}
