import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A proxy in front of an emulator that stores phone numbers in its own form, without signs, as a Target may do. */
export async function rewritesPhones(target: { readonly url: string; readonly token: string }) {
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = (await text(request)).replace(
        /"phone":"([^"]*)"/g,
        (_, phone: string) => `"phone":"${phone.replace(/[^+\d]/g, '')}"`,
      )
      const { authorization = '', 'intercom-version': version = '' } = request.headers
      const reply = await fetch(`${target.url}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { authorization, 'intercom-version': String(version), 'content-type': 'application/json' },
        ...(body !== '' && { body }),
      })
      response
        .writeHead(
          reply.status,
          Object.fromEntries([...reply.headers].filter(([name]) => /^x-|^content-type$/.test(name))),
        )
        .end(await reply.text())
    }
    pass().catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    token: target.token,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
