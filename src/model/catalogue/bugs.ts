import type { CatalogueArea, CatalogueEntry } from './entry.ts'

const bug = (code: string, title: string, cause: string, retried: CatalogueEntry['retried'] = 'no'): CatalogueEntry =>
  ({ code, title, cause, whoFixes: 'Tailrace', retried, fix: 'Please report it, with the output of TAILRACE_LOG=debug; secrets are not in it.' })

export const bugs: CatalogueArea = {
  title: 'Faults of Tailrace',
  entries: [
    bug('unexpected', 'Something went wrong that should not', 'A part of Tailrace failed in a way it does not account for. Records that were in flight are unconfirmed, and the next Run looks them up.'),
    bug('connector-failed', 'A connector failed', 'The code for this Target broke off in the middle of a call. Records that were in flight are unconfirmed, and the next Run looks them up.'),
    bug('config-not-checked', 'A valid config is not usable', 'tailrace.yaml was found valid, but names something that does not exist.'),
    bug('config-unread', 'tailrace.yaml was read as nothing', 'It was read without a result and without a reason.'),
    bug('client-closed', 'A request came too late', 'A connector went on making requests after its Run had ended.'),
    bug('malformed-request', 'A request cannot be sent', 'A connector made a request that is not valid HTTP.'),
    bug('migration-failed', 'The tables could not be brought up to date', 'A change of the control database\'s tables failed; it was taken back, and nothing else was done.'),
    bug('migration-number-twice', 'Two changes of the tables have one number', 'This copy of Tailrace is not as it was released.'),
    bug('migration-changed', 'A change of the tables is not what it was', 'The control database was brought up to date by a copy of Tailrace that differs from this one. Install a released version.'),
    bug('demo-differs', 'The demo did not end as it should', 'A step of it did something else than it says.'),
  ],
}
