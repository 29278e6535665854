import { Radio, Stack } from '@mantine/core'
import { groupsIn, textIn, withKeys, withGroups, type Config } from '../../lib/activation-config.ts'
import { wordsAt } from '../../lib/field-errors.ts'
import type { BehaviorOffer, EditorProps, TargetObject } from './editor-props.ts'
import styles from './behavior-picker.module.css'

/** The behaviors that the Target Object supports. Empty until an object is chosen. */
export function BehaviorPicker({
  config,
  onChange,
  errors,
  immutable,
  object,
}: EditorProps & { readonly object: TargetObject | undefined }) {
  const isImmutable = immutable['behavior'] !== undefined
  const choose = (id: string): void => {
    const behavior = object?.behaviors.find((each) => each.id === id)
    if (object !== undefined && behavior !== undefined) onChange(withBehavior(config, object, behavior))
  }
  return (
    <Radio.Group
      label="Select the Sync Behavior"
      description={immutable['behavior'] ?? (object === undefined ? 'Select the Target Object first.' : undefined)}
      withAsterisk
      value={textIn(config, 'behavior') || null}
      onChange={choose}
      error={wordsAt(errors, '/behavior')}
    >
      <Stack gap="xs" mt="xs">
        {(object?.behaviors ?? []).map(({ id, label, help, removesRecords }) => (
          <Radio
            key={id}
            value={id}
            label={label}
            description={help}
            disabled={isImmutable}
            {...(removesRecords && { color: 'red', c: 'var(--tone-bad-text)' })}
            classNames={{ body: styles['option'] ?? '' }}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}

/** Removes settings that the new behavior does not support, such as a second tag or the creation of one. */
function withBehavior(config: Config, { members }: TargetObject, behavior: BehaviorOffer): Config {
  const changed = withKeys(config, {
    behavior: behavior.id,
    ...(!behavior.mapsFields && { mapping: undefined, autoMap: undefined }),
  })
  if (members === null || behavior.members === null) return changed
  const { max, mayCreate } = behavior.members
  const now = groupsIn(config, members.setting)
  const kept =
    'names' in now && max !== null ? withGroups(changed, members.setting, { names: now.names.slice(0, max) }) : changed
  return members.createSetting !== null && !mayCreate ? withKeys(kept, { [members.createSetting]: undefined }) : kept
}
