/** Maximum size of an excerpt, in UTF-8 bytes. */
const excerptBytes = 4096

export interface Excerpt {
  readonly text: string
  /** Size of the whole text in bytes. Larger than `text` if it was cut. */
  readonly size: number
}

/** The beginning of a text, cut between characters. NUL becomes U+FFFD, because PostgreSQL cannot store NUL. */
export function excerpt(text: string): Excerpt {
  const size = Buffer.byteLength(text)
  const start =
    size <= excerptBytes
      ? text
      : new TextDecoder().decode(Buffer.from(text).subarray(0, excerptBytes), { stream: true })
  return { text: start.replaceAll('\0', '\uFFFD'), size }
}

export function isCut({ size }: Excerpt): boolean {
  return size > excerptBytes
}
