import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkServerIdentity, type ConnectionOptions } from 'node:tls'
import { Fault } from '../../connect/index.ts'
import type { Address } from './address.ts'

/** TLS options for the server, with all files read; false for no TLS. */
export async function tlsFor(
  { ssl, ca, cert, key, serverName }: Address,
  baseDir: string,
): Promise<ConnectionOptions | false> {
  if (ssl === 'disable') return false
  if ((cert === undefined) !== (key === undefined)) {
    throw new Fault(
      'config',
      `A client certificate needs both a certificate and its key; only the ${cert === undefined ? 'key' : 'certificate'} is set.`,
      {
        code: 'certificate-not-found',
        advice: 'Set both: tls.cert and tls.key, or sslcert and sslkey in the url.',
      },
    )
  }
  const [caText, certText, keyText] = await Promise.all([
    pemIn(ca, 'CA certificate', baseDir),
    pemIn(cert, 'client certificate', baseDir),
    pemIn(key, 'key of the client certificate', baseDir),
  ])
  return {
    rejectUnauthorized: ssl === 'verify-ca' || ssl === 'verify-full',
    ...(caText !== undefined && { ca: caText }),
    ...(certText !== undefined && { cert: certText }),
    ...(keyText !== undefined && { key: keyText }),
    // verify-ca checks who signed the certificate, but not the host name.
    ...(ssl === 'verify-ca' && { checkServerIdentity: () => undefined }),
    ...(ssl === 'verify-full' &&
      serverName !== undefined && {
        checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
      }),
  }
}

/**
 * Returns PEM text, given directly or read from a file. For a key the path is not shown: it may be a secret given by
 * mistake.
 */
async function pemIn(written: string | undefined, what: string, baseDir: string): Promise<string | undefined> {
  if (written === undefined || written.includes('-----BEGIN')) return written
  const file = resolve(baseDir, written.replace(/^file:/, ''))
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const name = what.startsWith('key') ? '' : ` ${file}`
    throw new Fault('config', `The ${what}${name} cannot be read (${error.code}).`, {
      code: 'certificate-not-found',
      advice: 'Paths are relative to tailrace.yaml. You can also write the PEM text itself instead of a path.',
    })
  })
}
