/** An answer before headers. At most one of `json`, `text` and `error` is set. None: an empty body. */
export interface Answer {
  readonly status: number
  readonly json?: unknown
  /** A body that is not JSON, or deliberately broken JSON. */
  readonly text?: string
  readonly contentType?: string
  /** Sent in the vendor's error envelope. */
  readonly error?: { readonly code: string; readonly message: string }
  readonly headers?: Readonly<Record<string, string>>
}

export function ok(json: unknown): Answer {
  return { status: 200, json }
}

/** The page of a web server in front of the API. */
export function html(status: number): Answer {
  const title = `${status} ${status === 200 ? 'OK' : status === 404 ? 'Not Found' : 'Service Temporarily Unavailable'}`
  return {
    status,
    contentType: 'text/html',
    text:
      `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
      '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
  }
}
