import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '../../src/api/create-app.ts'
import type { Services } from '../../src/api/services.ts'

/**
 * The document that a server returns at /api/openapi.json, without a server: routes use their services only when
 * called.
 */
export async function openapiDocument(): Promise<ApiDocument> {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string
  }
  const hollow: object = new Proxy({}, { get: () => hollow })
  const services = {
    database: hollow,
    project: hollow,
    runs: hollow,
    sealer: hollow,
    access: { kind: 'local' },
    server: { version },
    log: hollow,
  } as unknown as Services
  const app = await createApp(services)
  try {
    await app.ready()
    return app.swagger() as unknown as ApiDocument
  } finally {
    await app.close()
  }
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
}
