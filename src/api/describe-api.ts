import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { problem } from './shared.ts'

const transform = createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } })
const { $schema: _dialect, ...problemSchema } = z.toJSONSchema(problem, { io: 'output' })

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly endpoint?: Endpoint
  }
}

/** Serves /api/openapi.json, the description of all routes that are registered after this call. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tailrace',
        version,
        description:
          'Everything that the command line and the UI can do. Errors are RFC 9457 problem documents with the codes of docs/errors.md.',
        license: { name: 'Apache-2.0' },
      },
      components: {
        schemas: { Problem: problemSchema as object },
        securitySchemes: {
          password: { type: 'http', scheme: 'bearer', description: 'The password of the server, if it has one.' },
        },
      },
      security: [{ password: [] }, {}],
    },
    transform: (document) => {
      const endpoint = document.route.config?.endpoint
      if (endpoint === undefined) return { schema: { hide: true }, url: document.url }
      const { schema, url } = transform(document)
      return {
        url,
        schema: {
          ...schema,
          operationId: endpoint.name,
          summary: endpoint.summary,
          tags: [tagOf(endpoint)],
          ...headersOf(endpoint),
          response: responsesOf(endpoint, schema['response'] as Responses),
        },
      }
    },
  })
  app.get('/api/openapi.json', () => app.swagger())
}

type Responses = Readonly<Record<string, unknown>> | undefined

function tagOf({ path }: Endpoint): string {
  const first = path.split('/')[2] ?? ''
  return first === ':kind' ? 'connections' : first
}

function headersOf({ ifMatch, idempotencyKey }: Endpoint): object {
  const properties = {
    ...(ifMatch && { 'if-match': { type: 'string', description: 'The ETag of the revision that was read.' } }),
    ...(idempotencyKey && {
      'idempotency-key': {
        type: 'string',
        description:
          'A repeated request with the same key gets the first answer, and is not carried out again. Keys are kept for one day.',
      },
    }),
  }
  return Object.keys(properties).length === 0
    ? {}
    : { headers: { type: 'object', properties, ...(ifMatch && { required: ['if-match'] }) } }
}

function responsesOf({ produces, status = 200, summary }: Endpoint, json: Responses): object {
  const good =
    produces === undefined
      ? json?.[status]
      : { description: summary, content: { [produces]: { schema: { type: 'string' } } } }
  return {
    [status]: good,
    default: {
      description: 'An error, as a problem document',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  }
}
