import type { CatalogueArea } from '../../model/catalogue/entry.ts'

const intercom = { whoFixes: 'you: the target', retried: 'no' } as const
const config = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

/** Codes that only this target gives. */
export const codes: CatalogueArea = {
  title: 'Intercom',
  entries: [
    {
      ...intercom,
      code: 'plan-restricted',
      title: 'Your Intercom subscription does not include this',
      cause: "Intercom answers that the workspace's subscription does not include this part of its API.",
      fix: 'Check the subscription of the workspace.',
    },
    {
      ...config,
      code: 'wrong-region',
      title: 'The workspace is in another region',
      cause: 'The token belongs to a workspace in another region than region says.',
      fix: "Set the target's region to the one in the message.",
    },
    {
      ...config,
      code: 'api-version-refused',
      title: 'Intercom does not support this API version',
      cause: 'Intercom does not serve the apiVersion of the target.',
      fix: 'Remove apiVersion from tailrace.yaml, or set it to a newer version.',
    },
    {
      ...config,
      code: 'tag-not-found',
      title: 'Tag not found',
      cause:
        'Tailrace creates a tag only if the activation allows it, because a mistyped name would create a wrong tag.',
      fix: 'Correct the name in tags, create the tag in Intercom, or (to attach) set createTag: true.',
    },
    {
      ...config,
      code: 'tag-refused',
      title: 'Intercom rejected the new tag',
      cause: 'Intercom does not accept this name for a tag.',
      fix: 'Choose another name in tags, or create the tag in Intercom.',
    },
    {
      ...config,
      code: 'field-refused',
      title: 'Intercom rejected the new field',
      cause:
        'The mapping names a custom attribute that does not exist, and Intercom does not create it: the name is not allowed, or another attribute has it.',
      fix: 'Map to an existing field (restore an archived one in Intercom first), or choose another name.',
    },
    {
      ...config,
      code: 'company-not-found',
      title: 'Company not found by its company_id',
      cause:
        'contact_company adds contacts to existing companies. Intercom has no company with this company_id, or has it no longer.',
      fix: 'Correct the company_id in companies, which is case-sensitive. Or create the company first, for example with an activation of the object company.',
    },
    {
      ...intercom,
      code: 'tag-vanished',
      title: 'The tag was deleted in Intercom',
      cause:
        'The tag of this activation no longer exists. A new tag with the same name is another tag, and no record has it yet.',
      fix: 'Name another tag. Or create the tag again and give the activation a new name, so that it starts with empty state.',
    },
    {
      ...intercom,
      code: 'tag-changed',
      title: 'The tag was renamed or deleted during the Run',
      cause:
        'A call that identifies the tag by name may have changed another tag, or created a new one. The Run stopped.',
      fix: 'Check the tag with that name in Intercom, and delete it if no one needs it. Then run again: Tailrace follows a renamed tag.',
    },
    {
      ...config,
      code: 'admin-not-found',
      title: 'Teammate not found',
      cause:
        'Conversations and tickets are tagged in the name of a teammate. Intercom has no teammate with the id or email in admin.',
      fix: 'Correct admin, or remove it to use the owner of the token.',
    },
    {
      ...config,
      code: 'too-many-to-list',
      title: 'Too many companies have the tag',
      cause:
        'Intercom lists at most 10,000 companies of a tag, so Tailrace cannot list all companies that have it, as ownership: enforce requires.',
      fix: 'Use ownership: respect or adopt, or spread the companies over several tags.',
    },
  ],
}
