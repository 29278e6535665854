import type { CatalogueArea } from './entry.ts'

const intercom = { whoFixes: 'you: Intercom', retried: 'no' } as const
const config = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

export const target: CatalogueArea = {
  title: 'The Target',
  entries: [
    {
      ...config, code: 'unauthorized', title: 'The token was refused',
      cause: 'It is wrong, was revoked or has run out, or belongs to an account in another region.',
      fix: 'Put a valid token where tailrace.yaml takes it from, and check the region.',
    },
    {
      ...intercom, code: 'missing-scope', title: 'The token lacks a permission',
      cause: 'It is valid, but may not do what this activation needs. The message names the permission.',
      fix: 'In Intercom\'s Developer Hub open your app > Configure > Authentication, tick the permission and save. "tailrace check" lists all that are needed.',
    },
    {
      ...intercom, code: 'plan-restricted', title: 'Your Intercom subscription does not include this',
      cause: 'Intercom answers that the workspace\'s plan does not allow this part of its API.',
      fix: 'Check the subscription of the workspace.',
    },
    {
      ...config, code: 'wrong-region', title: 'The workspace lives in another region',
      cause: 'The token belongs to a workspace that is hosted elsewhere than region says.',
      fix: 'Set the target\'s region to the one the message names.',
    },
    {
      ...config, code: 'api-version-refused', title: 'Intercom no longer speaks this API version',
      cause: 'The target\'s apiVersion is one that Intercom does not serve.',
      fix: 'Take apiVersion out of tailrace.yaml, or set it to a newer one.',
    },
    {
      ...config, code: 'tag-not-found', title: 'There is no tag of this name',
      cause: 'Tailrace makes a tag only where you said so, because a mistyped name would otherwise become a new tag.',
      fix: 'Correct the name in tags, create the tag in Intercom, or (to attach) set createTag: true.',
    },
    {
      ...config, code: 'tag-refused', title: 'Intercom refused to make the tag', cause: 'It does not accept this name for a tag.',
      fix: 'Choose another name in tags, or create the tag in Intercom.',
    },
    {
      ...config, code: 'field-refused', title: 'Intercom refused to make the field',
      cause: 'The mapping names a custom attribute that does not exist, and Intercom does not accept it as a new one: for its name, or because another has it.',
      fix: 'Map to a field that exists (archived ones must be restored in Intercom first), or choose another name.',
    },
    {
      ...config, code: 'company-not-found', title: 'There is no company with this company_id',
      cause: 'contact_company puts contacts into companies that are there. A company_id that it names is not, or no longer, one of Intercom\'s.',
      fix: 'Correct the company_id in companies; case counts. Or create the company first, for instance by an activation of the object company.',
    },
    {
      ...intercom, code: 'tag-vanished', title: 'The tag was deleted in Intercom',
      cause: 'The tag this activation works with no longer exists. A new one of the same name is another tag: nobody has it yet.',
      fix: 'Name another tag, or make it again and give the activation a new name, so that it starts afresh.',
    },
    {
      ...intercom, code: 'tag-changed', title: 'Somebody renamed or deleted the tag during the Run',
      cause: 'A call that had to go by the tag\'s name may have reached another tag, or made a new one. The Run stopped there.',
      fix: 'Look at the tag of that name in Intercom and delete it if nobody wants it. Then run again: a renamed tag is followed.',
    },
    {
      ...config, code: 'admin-not-found', title: 'There is no such teammate',
      cause: 'Conversations and tickets are tagged in a teammate\'s name, and Intercom has none with the id or email in admin.',
      fix: 'Correct admin, or leave it out to use the owner of the token.',
    },
    {
      ...intercom, code: 'read-refused', title: 'Intercom would not show a record',
      cause: 'Tailrace had to look at what a record holds now, and Intercom said no without saying that it does not exist.',
      fix: 'See Intercom\'s words in the message; the record may be out of reach for this token.',
    },
    {
      ...config, code: 'too-many-to-list', title: 'Too many carry the tag to list them',
      cause: 'Intercom lists 10,000 companies of a tag at most, so who carries it cannot be seen that way.',
      fix: 'Spread the companies over several tags.',
    },
    {
      ...config, code: 'unexpected-redirect', title: 'The address sends us elsewhere',
      cause: 'The server answered with a redirect. It is not followed, because the token would go along.',
      fix: 'Set baseUrl or region to the address that answers by itself.',
    },
  ],
}
