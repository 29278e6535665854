import { waitedOut, type CatalogueArea } from './entry.ts'

const passing = { whoFixes: 'nobody: it passes', retried: waitedOut } as const
const machine = { whoFixes: 'you: the machine or network', retried: 'no' } as const

export const network: CatalogueArea = {
  title: 'The way to the Target',
  entries: [
    {
      ...passing, code: 'unreachable', title: 'The Target cannot be reached',
      cause: 'It refuses connections, or there is no way to it from this machine.',
      fix: 'If it stays so: check baseUrl or region, and that no firewall or proxy stands between.',
    },
    {
      ...machine, code: 'dns', title: 'The Target\'s name has no address',
      cause: 'DNS does not know the host name, or does not answer.',
      fix: 'Check baseUrl or region, and the network of this machine.',
    },
    {
      ...passing, code: 'connection-reset', title: 'The connection broke',
      cause: 'The server, or something on the way, closed the connection before the answer was complete.',
      fix: 'Nothing: a record that may have been reached is in doubt, and is looked up before it is sent again.',
    },
    {
      ...passing, code: 'timeout', title: 'The Target did not answer in time',
      cause: 'The request was sent, and no answer came within 30 seconds.',
      fix: 'Nothing: a record that may have been reached is in doubt, and is looked up before it is sent again.',
    },
    {
      ...machine, code: 'tls', title: 'The Target\'s certificate is not trusted',
      cause: 'It is out of date, made for another host name, or signed by an issuer that this machine does not know; or the server speaks no TLS.',
      fix: 'Check baseUrl and the clock of this machine. With a certificate authority of your own, name its file in NODE_EXTRA_CA_CERTS.',
    },
    {
      ...passing, code: 'server-error', title: 'The Target has trouble',
      cause: 'It answered with an error of its own (a status of 500 or more).',
      fix: 'Nothing; if it lasts, see the status page of the vendor.',
    },
    {
      code: 'rate-limited', title: 'The account\'s rate limit leaves no room', whoFixes: 'nobody: it passes',
      retried: 'by itself: when the limit\'s window ends, until the Run\'s time limit; then by the next Run',
      cause: 'The vendor allows so many requests in so many seconds, and all of them are used, perhaps by other apps of the account too.',
      fix: 'Nothing; a longer timeLimit lets one Run do more.',
    },
    {
      ...passing, code: 'not-json', title: 'Something else answers in the Target\'s place',
      cause: 'The answer is not what an API says: a web page, a proxy\'s message, or no HTTP at all.',
      fix: 'If it stays so: check baseUrl, and which proxy stands between.',
    },
    {
      code: 'target-down', title: 'The Target does not answer', whoFixes: 'nobody: it passes',
      retried: 'by itself: by the next Run',
      cause: 'Several batches in a row came back without one answer for a record, so the Run ended rather than wait in each of the rest.',
      fix: 'Run it again when the Target is well; it goes on where it stopped.',
    },
    {
      ...passing, code: 'budget-unreachable', title: 'The control database did not grant any requests',
      cause: 'All Runs on an account share its rate limit through the control database, and that did not answer. Nothing is sent without a grant.',
      fix: 'See that the control database is well, and run it again.',
    },
  ],
}
