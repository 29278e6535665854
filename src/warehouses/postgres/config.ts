import { z } from 'zod'
import { timezoneKey } from '../../connect/index.ts'

export const config = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'Starts with postgres:// or postgresql://')
      .optional()
      .meta({
        title: 'URL',
        description: 'postgres://user:password@host:5432/database?sslmode=require, instead of the separate fields.',
        secret: true,
      }),
    host: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Host', description: 'Host name or address, or the directory of a Unix socket.', address: true }),
    port: z.coerce
      .number()
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({ title: 'Port', description: 'Default: 5432.', address: true }),
    database: z.string().min(1).optional().meta({ title: 'Database', description: 'Name of the database.' }),
    user: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'User', description: 'A role that can only read; see the README of this warehouse.' }),
    password: z.string().optional().meta({ title: 'Password', description: "The role's password.", secret: true }),
    ssl: z.enum(['disable', 'require', 'verify-ca', 'verify-full']).optional().meta({
      title: 'TLS',
      description:
        'disable: no encryption. require: encrypted, without a check of the certificate. verify-ca: the certificate must be signed by the authority. verify-full: the certificate must also be for the host name. Default: verify-full if an authority is set, otherwise require; disable on this machine.',
    }),
    sslRootCert: z.string().min(1).optional().meta({
      title: 'CA certificate',
      description: 'The same as tls.ca.',
    }),
    tls: z
      .strictObject({
        ca: z.string().min(1).optional().meta({
          title: 'CA certificate',
          description:
            'The certificate authority to trust: a PEM file relative to tailrace.yaml, or the PEM text. Default: the well-known authorities.',
        }),
        cert: z.string().min(1).optional().meta({
          title: 'Client certificate',
          description: 'The certificate to send to the server: a PEM file, or the PEM text.',
        }),
        key: z.string().min(1).optional().meta({
          title: 'Client key',
          description: 'The private key of the client certificate: a PEM file, or the PEM text.',
          secret: true,
        }),
        serverName: z.string().min(1).optional().meta({
          title: 'Server name',
          description: "The host name in the server's certificate, if it differs from host.",
          address: true,
        }),
      })
      .optional()
      .meta({ title: 'Certificates', description: 'The certificates that TLS checks and sends.' }),
    statementTimeout: z
      .union([z.number().positive(), z.string().regex(/^\d+ ?(ms|s|min|h)$/, 'Write a time such as 90s, 10min or 2h')])
      .optional()
      .meta({
        title: 'Statement timeout',
        description: 'The maximum time of one query, until its last row is read: 10min, 2h, or seconds. Default: 1h.',
      }),
    timezone: timezoneKey,
  })
  .superRefine((config, context) => {
    const parts = ['host', 'port', 'database', 'user', 'password'] as const
    const complain = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (config.url === undefined) {
      for (const part of ['host', 'database', 'user'] as const) {
        if (config[part] === undefined) complain(part, `Missing: set host, database and user, or a url.`)
      }
    }
    if (config.sslRootCert !== undefined && config.tls?.ca !== undefined)
      complain('sslRootCert', 'Set either sslRootCert or tls.ca, not both.')
    if ((config.tls?.cert === undefined) !== (config.tls?.key === undefined))
      complain('tls', 'A client certificate needs both cert and key.')
    for (const part of parts) {
      if (config.url !== undefined && config[part] !== undefined)
        complain(part, `Set either a url or ${part}, not both.`)
    }
  })

export type PostgresConfig = z.infer<typeof config>

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** Converts `10min`, `2h`, `90 s`, or a number of seconds to milliseconds. Default: one hour. */
export function timeoutMs(written: string | number | undefined): number {
  if (written === undefined) return 3_600_000
  if (typeof written === 'number') return Math.round(written * 1000)
  const [, amount = '', unit = ''] = /^(\d+) ?(\w+)$/.exec(written) ?? []
  return Number(amount) * (unitMs[unit] ?? 0)
}
