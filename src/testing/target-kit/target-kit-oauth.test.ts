import { contactId, startIntercomEmulator } from '../../targets/intercom/emulator/index.ts'
import { intercomActivation } from '../harness/intercom-activation.ts'
import { startOAuthFront } from '../simulated/oauth-front.ts'
import { simulateWarehouse } from '../simulated/simulated-warehouse.ts'
import { range } from './outcome-honesty.ts'
import { oauthKit, type OAuthHarness } from './target-kit-oauth.ts'

const tags = ['Premium', 'VIP'] as const

oauthKit({
  title: 'the tags of Intercom, behind a token endpoint',
  async start(): Promise<OAuthHarness> {
    const emulator = await startIntercomEmulator({ contacts: 400, companies: 0, conversations: 0, tags })
    const front = await startOAuthFront(emulator)
    return {
      tokens: front.tokens,
      get calls() {
        return front.calls
      },
      async activation(name, records, side) {
        const warehouse = simulateWarehouse()
        warehouse.rows = records.map(contactId)
        const activation = await intercomActivation(emulator, {
          ...{ name, object: 'contact_tag', behavior: 'attach', warehouse, tags: [tags[side]] },
          ...{ delivery: 'single', concurrency: 4 },
        })
        const { spec, ...target } = activation.target
        const http: typeof spec.http = (config) => front.policy(spec.http(config))
        return { ...activation, target: { ...target, spec: { ...spec, http } } }
      },
      written: (side) =>
        range(400, (i) => i).filter((i) => emulator.world.tagsOn('contact', contactId(i)).includes(tags[side])),
      async close() {
        await front.close()
        await emulator.close()
      },
    }
  },
})
