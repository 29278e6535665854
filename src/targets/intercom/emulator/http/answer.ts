import type { Answer } from '../../../../emulator-kit/answer.ts'

export function reject(status: number, code: string, message: string): Answer {
  return { status, error: { code, message } }
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
