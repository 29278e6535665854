/** An answer before headers. Exactly one of `json`, `text` and `error` is set; all absent: an empty body. */
export interface Answer {
  readonly status: number
  readonly json?: unknown
  /** A body that is not JSON, or deliberately broken JSON. */
  readonly text?: string
  readonly contentType?: string
  /** Sent as Intercom's error envelope, with the request's id. */
  readonly error?: { readonly code: string; readonly message: string }
  readonly headers?: Readonly<Record<string, string>>
}

export function ok(json: unknown): Answer {
  return { status: 200, json }
}

export function reject(status: number, code: string, message: string): Answer {
  return { status, error: { code, message } }
}

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

export const userNotFound = reject(404, 'not_found', 'User Not Found')
export const resourceNotFound = reject(404, 'not_found', 'Resource Not Found')
export const ticketNotFound = reject(404, 'ticket_not_found', 'Ticket not found')
export const companyNotFound = reject(404, 'company_not_found', 'Company Not Found')

export function badParameter(message: string): Answer {
  return reject(400, 'parameter_invalid', message)
}

export function missingParameter(name: string): Answer {
  return reject(400, 'parameter_not_found', `${name} is a required parameter`)
}
