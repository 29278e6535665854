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
      fix: 'Nothing: a record that may have been reached is unconfirmed, and is looked up before it is sent again.',
    },
    {
      ...passing, code: 'timeout', title: 'The Target did not answer in time',
      cause: 'The request was sent, and no answer came within 30 seconds, or before the time allowed was over.',
      fix: 'Nothing: a record that may have been reached is unconfirmed, and is looked up before it is sent again.',
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
      code: 'answer-too-large', title: 'An answer is larger than any of the Target\'s API', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'It has more than 8 MiB, so it was not read to its end. Something else answers, or the API goes wrong.',
      fix: 'Check baseUrl, and which proxy stands between. A record that was being written is in doubt, and is looked up before it is sent again.',
    },
    {
      ...machine, code: 'bad-proxy', title: 'The proxy\'s address cannot be used',
      cause: 'HTTPS_PROXY or HTTP_PROXY is not the address of an HTTP proxy. Its value is not shown, since it may hold a password.',
      fix: 'Give it like http://user:password@proxy.example:3128, or unset it; hosts that need no proxy are named in NO_PROXY.',
    },
    {
      ...machine, code: 'proxy-refused', title: 'The proxy does not let the request through',
      cause: 'The proxy that HTTPS_PROXY or HTTP_PROXY names wants other credentials, or does not allow the Target\'s host. The Target was not called.',
      fix: 'Correct the credentials in the proxy\'s address, allow the host in the proxy, or name the host in NO_PROXY.',
    },
    {
      code: 'target-down', title: 'The Target does not answer', whoFixes: 'nobody: it passes',
      retried: 'by itself: by the next Run',
      cause: 'Several batches in a row came back without one answer for a record, so the Run ended rather than wait in each of the rest.',
      fix: 'Run it again when the Target is well; it goes on where it stopped.',
    },
    {
      ...passing, code: 'hold-unsure', title: 'It is not sure that this process still holds the activation',
      cause: 'The control database has not confirmed it for eight seconds, as where this process was frozen or cut off: another one may go on with the activation by now, so nothing is sent.',
      fix: 'See that the control database is well, and run it again.',
    },
    {
      ...passing, code: 'budget-unreachable', title: 'The control database did not grant any requests',
      cause: 'All Runs on an account share its rate limit through the control database, and that did not answer. Nothing is sent without a grant.',
      fix: 'See that the control database is well, and run it again.',
    },
  ],
}
