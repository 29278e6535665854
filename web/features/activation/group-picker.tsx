import { Group, MultiSelect, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { listMembers } from '../../../src/api/connections/contract.ts'
import { capital } from '../../../src/model/noun.ts'
import { groupsIn, textIn, withKeys, withGroups } from '../../lib/activation-config.ts'
import { step, wordsAt } from '../../lib/field-errors.ts'
import { useApi } from '../../lib/use-api.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { BehaviorOffer, EditorProps, TargetObject } from './editor-props.ts'

interface GroupPickerProps extends EditorProps {
  readonly object: TargetObject
  readonly members: NonNullable<TargetObject['members']>
  readonly offer: NonNullable<BehaviorOffer['members']>
  /** Query fields, for groups that are named by each row. */
  readonly columns: readonly string[]
}

/** Chooses groups, such as tags: existing ones, a new one if allowed, or a column that names them per row. */
export function GroupPicker(props: GroupPickerProps) {
  const {
    config,
    onChange,
    immutable,
    members: { setting, noun, createSetting },
    columns,
  } = props
  const now = groupsIn(config, setting)
  const isImmutable = immutable[setting] !== undefined
  const error = wordsAt(props.errors, step(setting))
  const choose = (byColumn: boolean): void => {
    const changed = withGroups(config, setting, byColumn ? { column: '', delimiter: '' } : { names: [] })
    onChange(createSetting === null ? changed : withKeys(changed, { [createSetting]: undefined }))
  }
  return (
    <Stack gap="xs">
      {'names' in now ? (
        <NamedGroups {...props} names={now.names} isImmutable={isImmutable} error={error} />
      ) : (
        <Group align="flex-start" gap="sm">
          <Select
            label={`Query Field with each row's ${noun.one}`}
            data={[...columns]}
            value={now.column || null}
            onChange={(column) => onChange(withGroups(config, setting, { ...now, column: column ?? '' }))}
            searchable
            error={error}
            disabled={isImmutable}
            withAsterisk
          />
          <TextInput
            label="Delimiter between several names"
            description="Empty: one name per row, or a list"
            placeholder="|"
            value={now.delimiter}
            onChange={(event) =>
              onChange(withGroups(config, setting, { ...now, delimiter: event.currentTarget.value }))
            }
            disabled={isImmutable}
          />
        </Group>
      )}
      <Switch
        size="xs"
        label={`Each row names its own ${noun.many}`}
        checked={!('names' in now)}
        onChange={(event) => choose(event.currentTarget.checked)}
        disabled={isImmutable}
      />
    </Stack>
  )
}

interface NamedProps extends GroupPickerProps {
  readonly names: readonly string[]
  readonly isImmutable: boolean
  readonly error: string | undefined
}

function NamedGroups({
  config,
  onChange,
  immutable,
  object,
  members: { setting, noun, createSetting, canBeListed },
  offer: { max, mayCreate },
  names,
  isImmutable,
  error,
}: NamedProps) {
  const [search, setSearch] = useState('')
  const [isOpen, list] = useDisclosure()
  const [asked] = useDebouncedValue(names.includes(search) ? '' : search.trim(), 200)
  const live = useApi(
    listMembers,
    { params: { name: textIn(config, 'target'), object: object.id }, query: asked === '' ? {} : { search: asked } },
    { enabled: canBeListed && !isImmutable },
  )
  const label = max === 1 ? capital(noun.one) : capital(noun.many)
  const found = (live.data?.items ?? []).map(({ name }) => name)
  const set = (chosen: readonly string[], create: boolean): void =>
    onChange(
      withKeys(
        withGroups(config, setting, { names: chosen }),
        createSetting === null ? {} : { [createSetting]: create ? true : undefined },
      ),
    )
  const isThere = (name: string): boolean => found.some((each) => each.toLowerCase() === name.toLowerCase())
  const known = [...new Set([...found, ...names])].map((name) => ({ value: name, label: name }))
  const canCreate =
    mayCreate &&
    search.trim() !== '' &&
    !isThere(search.trim()) &&
    !names.includes(search.trim()) &&
    live.isSuccess &&
    asked === search.trim()
  const data = canCreate
    ? [...known, { value: search.trim(), label: `+ Create the ${noun.one} “${search.trim()}”` }]
    : known
  const shared = {
    label,
    withAsterisk: true,
    error,
    disabled: isImmutable,
    searchable: true,
    searchValue: search,
    onSearchChange: setSearch,
    data,
    description:
      immutable[setting] ??
      (max === 1
        ? `Exactly one${mayCreate ? `: an existing ${noun.one}, or the name of a new one` : ''}.`
        : 'One or several.'),
    // The server already filtered by the search text.
    filter: ({ options }: { readonly options: typeof data }) => options,
    nothingFoundMessage: live.isPending ? 'Loading…' : `No ${noun.one} with this name`,
  }
  const willCreate = createSetting !== null && config[createSetting] === true && names.length > 0
  return (
    <>
      {!canBeListed ? (
        <TagsInput
          label={label}
          withAsterisk
          description={immutable[setting] ?? 'Write a name, then press Enter.'}
          error={error}
          disabled={isImmutable}
          value={[...names]}
          onChange={(chosen) => set(chosen, false)}
          {...(max !== null && { maxTags: max })}
        />
      ) : max === 1 ? (
        <Select
          {...shared}
          filter={({ options }) => options}
          placeholder={`Search or select a ${noun.one}`}
          value={names[0] ?? null}
          maw={460}
          clearable
          clearButtonProps={{ 'aria-label': `Clear the ${noun.one}` }}
          onChange={(chosen) => set(chosen === null ? [] : [chosen], chosen !== null && !isThere(chosen))}
        />
      ) : (
        <MultiSelect
          {...shared}
          filter={({ options }) => options}
          placeholder={names.length === 0 ? `Search or select ${noun.many}` : ''}
          value={[...names]}
          clearable
          clearButtonProps={{ 'aria-label': `Clear the ${noun.many}` }}
          onChange={(chosen) => {
            set(chosen, false)
            list.close()
          }}
          hidePickedOptions
          dropdownOpened={isOpen}
          onDropdownOpen={list.open}
          onDropdownClose={list.close}
        />
      )}
      {live.isError && <ErrorPanel error={live.error} onRetry={() => void live.refetch()} />}
      {willCreate && (
        <Notice tone="busy">
          The {noun.one} “{names[0]}” does not exist yet. The first Run that needs it creates it.
        </Notice>
      )}
    </>
  )
}
