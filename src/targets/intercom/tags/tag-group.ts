import type { GroupSpec } from '../../../connect/index.ts'
import { whyNoTag } from './resolve-tags.ts'
import { allTags } from './tags.ts'

/** Tags, as the groups of every object that has them. */
export const tagGroup: GroupSpec = {
  setting: 'tags',
  noun: { one: 'tag', many: 'tags' },
  createSetting: 'createTag',
  missing: whyNoTag,
  list: allTags,
}

/** Hevo Activate called it so (its page of 2023-04-10). */
export const tagLabels = { detach: 'Detach Tag(s) from Records' }
