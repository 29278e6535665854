import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto'
import { Fault } from '../../model/fault.ts'

export interface AssertionClaims {
  /** PEM text. */
  readonly privateKey: string
  readonly issuer: string
  readonly subject: string
  readonly audience: string
}

/** Salesforce accepts at most three minutes (help.salesforce.com, "OAuth 2.0 JWT Bearer Flow", 2026-11-30). */
const validS = 180

/** A JWT for RFC 7523, signed with RS256. `at`: epoch milliseconds. Throws a Fault `config` if the key cannot sign. */
export function signAssertion({ privateKey, issuer, subject, audience }: AssertionClaims, at: number): string {
  const key = readKey(privateKey)
  const issuedAt = Math.floor(at / 1000)
  const claims = { iss: issuer, sub: subject, aud: audience, iat: issuedAt, exp: issuedAt + validS, jti: randomUUID() }
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function readKey(pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (error) {
    // OpenSSL's text may quote the key, so only its code is kept.
    const needsPassphrase = /ERR_MISSING_PASSPHRASE|INTERRUPTED/.test(String((error as NodeJS.ErrnoException).code))
    throw badKey(needsPassphrase ? 'is encrypted with a passphrase' : 'is not a private key in PEM form')
  }
  if (key.asymmetricKeyType !== 'rsa') throw badKey(`is a key of type ${key.asymmetricKeyType ?? 'unknown'}, not RSA`)
  return key
}

function badKey(why: string): Fault {
  return new Fault('config', `privateKey ${why}`, {
    code: 'bad-private-key',
    advice:
      'Give the text of an RSA private key without a passphrase, with its lines "-----BEGIN PRIVATE KEY-----" and "-----END PRIVATE KEY-----". "openssl rsa -in KEY -out NEW" removes a passphrase.',
  })
}
