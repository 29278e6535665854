import { waitedOut, type CatalogueArea } from './entry.ts'

const passing = { whoFixes: 'no one: it is temporary', retried: waitedOut } as const
const machine = { whoFixes: 'you: the machine or network', retried: 'no' } as const

export const network: CatalogueArea = {
  title: 'The network to the Target',
  entries: [
    {
      ...passing,
      code: 'unreachable',
      title: 'The Target cannot be reached',
      cause: 'The Target refuses connections, or this machine has no network route to it.',
      fix: 'If the error persists, check baseUrl or region, and check that no firewall or proxy blocks the connection.',
    },
    {
      ...machine,
      code: 'dns',
      title: 'The host name of the Target cannot be resolved',
      cause: 'DNS does not know the host name, or does not answer.',
      fix: 'Check baseUrl or region, and the network of this machine.',
    },
    {
      ...passing,
      code: 'connection-reset',
      title: 'The connection was closed too early',
      cause: 'The server, or a device on the network, closed the connection before the answer was complete.',
      fix: 'Nothing. A record that may have been written is unconfirmed. Tailrace reads it before it sends it again.',
    },
    {
      ...passing,
      code: 'timeout',
      title: 'The Target did not answer in time',
      cause: 'The request was sent, but no answer arrived within 30 seconds or before the time limit of the Run.',
      fix: 'Nothing. A record that may have been written is unconfirmed. Tailrace reads it before it sends it again.',
    },
    {
      ...machine,
      code: 'tls',
      title: "The Target's certificate is not trusted",
      cause:
        'The certificate has expired, is for another host name, or has an issuer that this machine does not know. Or the server does not use TLS.',
      fix: 'Check baseUrl and the clock of this machine. For your own certificate authority, set NODE_EXTRA_CA_CERTS to its certificate file.',
    },
    {
      ...passing,
      code: 'server-error',
      title: 'The Target has an internal error',
      cause: 'The Target answered with a server error (a status of 500 or more).',
      fix: 'Nothing. If the error persists, see the status page of the vendor.',
    },
    {
      code: 'rate-limited',
      title: "The account's rate limit is used up",
      whoFixes: 'no one: it is temporary',
      retried: "by itself: when the window of the limit ends, until the Run's time limit; then in the next Run",
      cause:
        'The vendor allows a fixed number of requests in a period, and all of them are used. Other apps of the account may use the same limit.',
      fix: 'Nothing. With a longer timeLimit, one Run can send more.',
    },
    {
      code: 'limit-exhausted',
      title: 'A limit of the account is used up',
      whoFixes: 'no one: it is temporary',
      retried: 'by itself: a server starts the next Run when the limit returns',
      cause:
        'The vendor allows a fixed number of requests in a long period, for example a day, and the part of it that Tailrace may use is used. The message names the limit and the time at which it returns. No further call was made. Records that were not sent are on hold.',
      fix: 'Nothing. From a shell, run it again after that time. A smaller reserve lets Tailrace use more of the limit.',
    },
    {
      ...passing,
      code: 'target-busy',
      title: 'The Target is busy',
      cause: 'The Target asked for fewer calls at the same time, or for another try later.',
      fix: 'Nothing. Tailrace sends fewer calls at the same time until the Target answers again.',
    },
    {
      ...passing,
      code: 'not-json',
      title: "The answer does not come from the Target's API",
      cause: 'The answer is not JSON: it is a web page, a message of a proxy, or not HTTP at all.',
      fix: 'If the error persists, check baseUrl, and check whether a proxy answers instead of the Target.',
    },
    {
      code: 'answer-too-large',
      title: 'The answer is too large',
      whoFixes: 'you: the machine or network',
      retried: 'no',
      cause:
        "The answer has more than 8 MiB, which no answer of the Target's API has, so Tailrace did not read all of it. Another server answers, or the API has an error.",
      fix: 'Check baseUrl, and check whether a proxy answers instead of the Target. A record that was being written is unconfirmed. Tailrace reads it before it sends it again.',
    },
    {
      ...machine,
      code: 'bad-proxy',
      title: "The proxy's address is not valid",
      cause:
        'HTTPS_PROXY or HTTP_PROXY is not the address of an HTTP proxy. The message does not show its value, because it may contain a password.',
      fix: 'Write it like http://user:password@proxy.example:3128, or unset it. Name hosts that need no proxy in NO_PROXY.',
    },
    {
      ...machine,
      code: 'proxy-refused',
      title: 'The proxy rejects the request',
      cause:
        "The proxy in HTTPS_PROXY or HTTP_PROXY requires other credentials, or does not allow the Target's host. The Target was not called.",
      fix: "Correct the credentials in the proxy's address, allow the host in the proxy, or name the host in NO_PROXY.",
    },
    {
      code: 'target-down',
      title: 'The Target does not answer',
      whoFixes: 'no one: it is temporary',
      retried: 'by itself: in the next Run',
      cause:
        'The Target gave no answer for the records of several batches in a row, or for the first records of a canary. The Run ended, so that it does not wait for each of the other batches.',
      fix: 'Run it again when the Target answers. The Run continues where it stopped.',
    },
    {
      ...passing,
      code: 'hold-unsure',
      title: 'It is not confirmed that this process still holds the activation',
      cause:
        'The control database has not confirmed it for eight seconds, for example because this process was suspended or lost its connection. Another process may already run the activation, so nothing is sent.',
      fix: 'Check that the control database works, and run it again.',
    },
    {
      ...passing,
      code: 'budget-unreachable',
      title: 'The control database granted no requests',
      cause:
        'All Runs on an account share its rate limit through the control database, and the control database did not answer. Tailrace sends nothing without a grant.',
      fix: 'Check that the control database works, and run it again.',
    },
  ],
}
