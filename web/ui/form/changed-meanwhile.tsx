import { Button, Group, Text } from '@mantine/core'
import { changedKeys, type Editing } from '../../lib/use-editing.ts'
import { ChangeList } from '../change-list.tsx'
import { Notice } from '../notice.tsx'

/** Shown if another user saved the edited entry: what changed, and how to continue. */
export function ChangedMeanwhile({ editing: { latest, base, takeLatest, keepMine } }: { readonly editing: Editing }) {
  if (latest === null) return null
  return (
    <Notice tone="warn" title="Another user changed this meanwhile" role="alert">
      <Text size="sm">The saved values, compared with the values when you started:</Text>
      <ChangeList changes={changedKeys(base.config, latest.config)} />
      <Group gap="xs" mt="sm">
        <Button size="xs" onClick={keepMine}>
          Keep my changes on top
        </Button>
        <Button size="xs" variant="default" onClick={takeLatest}>
          Use the saved values, discard mine
        </Button>
      </Group>
    </Notice>
  )
}
