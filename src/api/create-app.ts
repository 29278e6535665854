import helmet from '@fastify/helmet'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { ZodType } from 'zod'
import { describeApi } from './describe-api.ts'
import { asksApi, guardAccess } from './access/guard-access.ts'
import { problemOf } from './problem-of.ts'
import { rejectUnfit } from './reject-unfit.ts'
import { routes } from './registry.gen.ts'
import { serveUi } from './serve-ui.ts'
import type { Services } from './services.ts'

const mostBytes = 8 * 1024 * 1024
/** Time limits: to receive a whole request; to finish sending replies when the server closes. */
const requestMs = 120_000
const closingMs = 1000

/** The server, not yet listening: API, its description, and the UI. The caller closes it. */
export async function createApp(services: Services): Promise<FastifyInstance> {
  const { log, redact, ui, server, now, proxies } = services
  const answer = async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const problem = problemOf(error)
    if (problem.status >= 500 && problem.status !== 502 && problem.status !== 503) {
      log.warn('a request failed unexpectedly', {
        method: request.method,
        route: request.routeOptions.url,
        stack: redact(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      })
    }
    const reported = {
      ...problem,
      detail: redact(problem.detail),
      advice: problem.advice === null ? null : redact(problem.advice),
      errors: problem.errors.map((each) => ({ ...each, detail: redact(each.detail) })),
    }
    return await reply
      .code(problem.status)
      .type('application/problem+json; charset=utf-8')
      .serializer(JSON.stringify)
      .send(reported)
  }
  const app = fastify({
    logger: false,
    bodyLimit: mostBytes,
    requestTimeout: requestMs,
    trustProxy: proxies ?? false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2000 },
    frameworkErrors: answer,
  })
  app.setValidatorCompiler<ZodType>((part) => {
    const check = validatorCompiler(part)
    // Fastify passes null if there is no body. The contract's defaults need undefined.
    return (data: unknown) => check(part.httpPart === 'body' ? (data ?? undefined) : data)
  })
  app.setSerializerCompiler(serializerCompiler)
  // Accept only JSON: a form on another site cannot send it.
  app.removeContentTypeParser('text/plain')
  // A client that neither ends its request nor reads its reply would block the close forever.
  app.addHook('preClose', async () => void setTimeout(() => app.server.closeAllConnections(), closingMs).unref())
  app.setErrorHandler(answer)
  app.addHook('preValidation', async ({ params, query, body }) => rejectUnfit([params, query, body]))
  const began = new WeakMap<object, number>()
  app.addHook('onRequest', async (request) => void began.set(request, now()))
  // Log the route, not the URL, which may contain a person's email address. Never log a body.
  app.addHook('onResponse', async (request, reply) => {
    log.debug('request', {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.max(0, now() - (began.get(request) ?? now())),
    })
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        // UI components set inline styles at run time. Scripts are never inline.
        styleSrc: ["'self'", "'unsafe-inline'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // The server speaks plain HTTP; a proxy in front of it may add this header.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  app.addHook('onSend', async (request, reply) => {
    if (asksApi(request)) reply.header('cache-control', 'no-store')
  })
  guardAccess(app, services)
  await describeApi(app, server.version)
  for (const register of routes) register(app, services)
  await serveUi(app, ui)
  return app
}
