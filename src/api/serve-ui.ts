import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../model/fault.ts'
import { asksApi } from './access/guard-access.ts'

/** File names that contain a content hash: their content never changes. */
const hashed = /[/\\]assets[/\\]/

/** Serves the built UI. Every other page path returns index.html. */
export async function serveUi(app: FastifyInstance, directory: string | undefined): Promise<void> {
  if (directory !== undefined) {
    await app.register(fastifyStatic, {
      root: directory,
      index: ['index.html'],
      wildcard: true,
      cacheControl: false,
      setHeaders: (reply, path) =>
        void reply.header('cache-control', hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
    })
  }
  app.setNotFoundHandler(async (request, reply) => {
    const isPage =
      directory !== undefined &&
      !asksApi(request) &&
      (request.method === 'GET' || request.method === 'HEAD') &&
      !hashed.test(request.url)
    if (isPage)
      return await reply
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(createReadStream(join(directory, 'index.html')))
    throw new Fault('usage', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`, {
      code: 'no-such-path',
      advice: 'See /api/openapi.json for the paths of the API.',
    })
  })
}
