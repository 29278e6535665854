import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { Fault } from '../../model/fault.ts'

/** Encrypts secrets for the control database. Each is bound to its place: in another place it cannot be opened. */
export interface Sealer {
  seal(text: string, place: string): string
  /** Throws a Fault `config`, `secret-key-differs`, if it was sealed with another key. */
  unseal(sealed: string, place: string): string
  /** A keyed digest: without the key, texts cannot be tried against it. */
  digest(text: string): string
}

const cipher = 'aes-256-gcm'
const version = 'v1'

/** `key`: 32 bytes. A sealed text has the form `v1.<id of the key>.<nonce, tag and text in base64url>`. */
export function createSealer(key: Uint8Array): Sealer {
  const [sealing, digesting] = ['seal', 'digest'].map((use) =>
    Buffer.from(hkdfSync('sha256', key, '', `tailrace ${use}`, 32)),
  )
  if (sealing === undefined || digesting === undefined) throw new Error('no keys were derived')
  const id = createHash('sha256').update(sealing).digest('hex').slice(0, 8)
  return {
    seal(text, place) {
      const nonce = randomBytes(12)
      const sealed = createCipheriv(cipher, sealing, nonce).setAAD(Buffer.from(place))
      const bytes = Buffer.concat([sealed.update(text, 'utf8'), sealed.final()])
      return `${version}.${id}.${Buffer.concat([nonce, sealed.getAuthTag(), bytes]).toString('base64url')}`
    },
    unseal(sealed, place) {
      const [, by, data = ''] = sealed.split('.')
      if (by !== id) throw differs('It was encrypted with another key.')
      const bytes = Buffer.from(data, 'base64url')
      const opened = createDecipheriv(cipher, sealing, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(12, 28))
      try {
        return opened.update(bytes.subarray(28), undefined, 'utf8') + opened.final('utf8')
      } catch (cause) {
        throw differs('It was changed in the control database, or copied from another place.', cause)
      }
    },
    digest: (text) => createHmac('sha256', digesting).update(text).digest('base64url'),
  }
}

function differs(why: string, cause?: unknown): Fault {
  return new Fault('config', `A saved secret cannot be read. ${why}`, {
    code: 'secret-key-differs',
    advice:
      'Start the server with the TAILRACE_SECRET_KEY (or the secret-key file) that the secret was saved with, or enter the secret again.',
    cause,
  })
}
