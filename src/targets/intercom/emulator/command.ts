import { count } from '../../../model/figures.ts'
import { defineEmulator } from '../../../emulator-kit/emulator.ts'
import { companyId, contactId } from './ids.ts'
import { startIntercomEmulator } from './start.ts'

/** `tailrace emulator intercom`. */
export const emulator = defineEmulator({
  id: 'intercom',
  name: 'Intercom',
  emulates: 'contacts, companies and their custom attributes, conversations, tags and rate limits',
  port: 4010,
  options: {
    contacts: { kind: 'count', default: 1000, description: 'number of contacts at the start' },
    companies: { kind: 'count', default: 200, description: 'number of companies at the start' },
    conversations: { kind: 'count', default: 200, description: 'number of conversations at the start' },
    limit: { kind: 'count', default: 1667, description: 'requests allowed per window of 10 seconds' },
    latency: { kind: 'duration', default: 0, description: 'delay added to each answer, e.g. 50ms' },
    lag: { kind: 'duration', default: 0, description: 'how far lists and searches lag behind writes, e.g. 30s' },
    apiVersion: { kind: 'text', default: '2.16', description: 'API version for requests that name none' },
    region: {
      kind: 'choice',
      default: 'us',
      choices: ['us', 'eu', 'au'],
      description: 'region that the workspace reports',
    },
    tag: { kind: 'texts', description: 'tags that exist at the start' },
  },
  examples: ['--tag "Premium Customers" --limit 167', '--contacts 1000000 --latency 50ms --lag 30s'],
  async start({ contacts, companies, conversations, limit, latency, lag, apiVersion, region, tag }, port) {
    const { url, token, close } = await startIntercomEmulator({
      port,
      contacts,
      companies,
      conversations,
      limit,
      region: region as 'us' | 'eu' | 'au',
      // A fixed workspace id, so that activations continue after a restart.
      workspace: 'emulated_workspace_of_at_least_40_letters',
      latencyMs: latency,
      indexLagMs: lag,
      defaultVersion: apiVersion,
      tags: tag,
    })
    return {
      url,
      token,
      close,
      holds: `${count(contacts)} contacts (${contactId(1)} …), ${count(companies)} companies (${companyId(1)} …), ${count(conversations)} conversations (1 …)`,
      settings: `type: intercom, token: ${token}, baseUrl: "${url}"`,
      inspect: [
        { path: 'state', shows: 'records and tags' },
        { path: 'requests', shows: 'requests so far' },
        { path: 'tags/TAG/contacts', shows: 'contacts with a tag' },
        { path: 'contacts', shows: 'contacts created since the start' },
      ],
    }
  },
})
