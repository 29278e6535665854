import type { Envelopes } from '../../../../emulator-kit/faults.ts'

/** Intercom's error code and message for a status. */
export const envelopes: Envelopes = {
  400: ['bad_request', 'bad request'],
  401: ['unauthorized', 'Access Token Invalid'],
  403: ['api_plan_restricted', 'Active subscription needed.'],
  404: ['not_found', 'Resource Not Found'],
  408: ['request_timeout', 'Request timed out'],
  409: ['conflict', 'Conflict'],
  422: ['unprocessable_entity', 'Unprocessable Entity'],
  429: ['rate_limit_exceeded', 'The rate limit for the App has been exceeded'],
  502: ['service_unavailable', 'Sorry, the API service is temporarily unavailable'],
  503: ['service_unavailable', 'Sorry, the API service is temporarily unavailable'],
  504: ['server_timeout', 'The server did not answer in time'],
}
