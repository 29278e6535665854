import { Group, Stack, Text } from '@mantine/core'
import type { z } from 'zod'
import type { configChange } from '../../../src/api/config/contract.ts'
import { plural } from '../../lib/format.ts'
import type { StatusLook } from '../../lib/status-words.ts'
import { ChangeList } from '../../ui/change-list.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'

type Change = z.output<typeof configChange>

const looks: Readonly<Record<Exclude<Change['what'], 'same'>, StatusLook>> = {
  add: { word: 'Added', tone: 'good', icon: 'check', meaning: 'The entry does not exist yet.' },
  change: { word: 'Changed', tone: 'busy', icon: 'play', meaning: 'The entry exists and differs.' },
  remove: { word: 'Removed', tone: 'bad', icon: 'cross', meaning: 'The file does not contain the entry.' },
}
const sectionWords = { warehouses: 'Warehouse', targets: 'Target', activations: 'Activation' } as const

/** The changes that a file would make, by entry. */
export function ConfigChanges({ changes }: { readonly changes: readonly Change[] }) {
  const different = changes.flatMap(({ what, ...change }) => (what === 'same' ? [] : [{ ...change, what }]))
  const sameCount = changes.length - different.length
  if (different.length === 0)
    return (
      <Notice tone="good" role="status" title="No changes">
        The saved config already matches the file.
      </Notice>
    )
  return (
    <section aria-label="Changes">
      <Stack gap="sm">
        {different.map(({ section, name, what, keys }) => (
          <div key={`${section} ${name}`}>
            <Group gap="xs">
              <StatusBadge look={looks[what]} />
              <Text span size="sm">
                {sectionWords[section]}
              </Text>
              <Text span fw={600}>
                {name}
              </Text>
            </Group>
            {keys.length > 0 && <ChangeList changes={keys} isNew={what === 'add'} />}
          </div>
        ))}
        {sameCount > 0 && (
          <Text size="sm" c="dimmed">
            {plural(sameCount, 'other entry', 'other entries')} already {sameCount === 1 ? 'matches' : 'match'} the
            file.
          </Text>
        )}
      </Stack>
    </section>
  )
}
