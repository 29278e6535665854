import { z } from 'zod'
import { readRateHeaders, type HttpPolicy } from '../../connect/index.ts'
import { apiVersions, defaultApiVersion, versionHeader } from './api-version.ts'

/** Base URL of each region. Source: servers of Intercom-OpenAPI 2.16. */
const regionUrls = {
  us: 'https://api.intercom.io',
  eu: 'https://api.eu.intercom.io',
  au: 'https://api.au.intercom.io',
} as const

export const config = z.strictObject({
  token: z
    .string()
    .trim()
    .min(1)
    .regex(/^[\x21-\x7e]+$/, 'an access token contains no spaces and only ASCII characters')
    .meta({
      title: 'Access token',
      description: "From Intercom's Developer Hub: your app > Configure > Authentication.",
      secret: true,
    }),
  region: z.enum(['us', 'eu', 'au']).default('us').meta({
    title: 'Region',
    description: 'The region of the workspace: us, eu or au.',
  }),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .meta({
      title: 'Base URL',
      description: 'The address of an emulator or a proxy, instead of the region.',
      address: true,
    }),
  apiVersion: z
    .preprocess(asText, z.enum(apiVersions))
    .default(defaultApiVersion)
    .meta({
      title: 'API version',
      description: `The version of Intercom's API to use: ${apiVersions.join(', ')}.`,
    }),
  concurrency: z.int().min(1).max(500).default(50).meta({
    title: 'Concurrency',
    description: 'Maximum number of requests in flight at the same time.',
  }),
  reserve: z
    .string()
    .trim()
    .regex(/^([0-8]?\d(\.\d+)?|90)\s*%$/, 'expected a share from 0% to 90%')
    .default('0%')
    .meta({
      title: 'Reserve',
      description: 'Share of the rate limit that is reserved for your other apps, for example 20%.',
    }),
})
export type IntercomConfig = z.output<typeof config>

/** YAML reads an unquoted 2.16 as a number. This is safe only because no known version ends in 0. */
function asText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value
}

/**
 * Limits apply to fixed windows of 10 s, and each answer reports them. 166 per window is the limit of the smallest
 * account (1,000 calls a minute). Source: Intercom's rate limiting page, and recorded headers (2021).
 */
export function httpPolicy(chosen: IntercomConfig): HttpPolicy {
  return {
    baseUrl: chosen.baseUrl ?? regionUrls[chosen.region],
    auth: { bearer: chosen.token },
    headers: { accept: 'application/json', [versionHeader]: chosen.apiVersion },
    concurrency: chosen.concurrency,
    requestIdHeader: 'x-request-id',
    limits: [
      {
        name: 'requests',
        kind: 'fixed window',
        scope: 'account',
        requests: 166,
        perMs: 10_000,
        reserve: Number.parseFloat(chosen.reserve) / 100,
        read: readRateHeaders({
          limit: 'x-ratelimit-limit',
          remaining: 'x-ratelimit-remaining',
          reset: 'x-ratelimit-reset',
        }),
      },
    ],
  }
}
