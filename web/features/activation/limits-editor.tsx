import { SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { withKeys } from '../../lib/activation-config.ts'
import { value as words } from '../../lib/format.ts'
import { wordsAt } from '../../lib/field-errors.ts'
import type { BehaviorOffer, EditorProps } from './editor-props.ts'

interface Limit {
  readonly key: string
  readonly label: string
  readonly preset: string
  readonly words: string
  /** Whether this guardrail can apply to the behavior. */
  readonly applies: (behavior: BehaviorOffer | undefined) => boolean
}

const always = (): boolean => true

const limits: readonly Limit[] = [
  {
    key: 'adds',
    label: 'New records in one Run',
    preset: '50%',
    words: 'A share is relative to the records that this Activation holds. It does not apply to the first Run.',
    applies: always,
  },
  {
    key: 'updates',
    label: 'Changed records in one Run',
    preset: '50%',
    words: 'Records whose values change.',
    applies: (behavior) => behavior?.mapsFields !== false,
  },
  {
    key: 'removes',
    label: 'Removals in one Run',
    preset: '20%',
    words: 'Records that were removed from the query and lose the tag or are archived.',
    applies: (behavior) => behavior?.removes !== false,
  },
  {
    key: 'shrunk',
    label: 'Shrinking of the query result',
    preset: '50%',
    words: 'How much smaller the result may be than last time. An empty result is always blocked.',
    applies: (behavior) => behavior?.removes !== false,
  },
  {
    key: 'invalid',
    label: 'Invalid rows',
    preset: '5%',
    words: 'Rows without an identifier, duplicates, or rows with invalid values.',
    applies: always,
  },
  {
    key: 'failures',
    label: 'Records that the Target rejects',
    preset: '10%',
    words: 'Checked from 100 answers on, during delivery; the Run stops there.',
    applies: always,
  },
  {
    key: 'population',
    label: 'Share of all records in the Target',
    preset: 'off',
    words: 'Relative to all contacts, companies or conversations. It applies to the first Run, too.',
    applies: always,
  },
]

/** Guardrails: limits that block a Run before its first write. */
export function LimitsEditor({
  config,
  onChange,
  errors,
  behavior,
}: EditorProps & { readonly behavior: BehaviorOffer | undefined }) {
  const written = (config['limits'] ?? {}) as Readonly<Record<string, unknown>>
  const set = (key: string, text: string): void => {
    const { [key]: _, ...rest } = written
    const next = text === '' ? rest : { ...rest, [key]: text }
    onChange(withKeys(config, { limits: Object.keys(next).length === 0 ? undefined : next }))
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        A Run that would exceed one of these limits is blocked before its first write, until a person overrides it.
        Write a number of records (200), a share (50%), or off. An empty field means the default.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {limits
          .filter(({ applies }) => applies(behavior))
          .map(({ key, label, preset, words: meaning }) => (
            <TextInput
              key={key}
              label={label}
              description={meaning}
              placeholder={`${preset} (default)`}
              value={words(written[key])}
              onChange={(event) => set(key, event.currentTarget.value)}
              error={wordsAt(errors, `/limits/${key}`)}
              autoComplete="off"
            />
          ))}
      </SimpleGrid>
    </Stack>
  )
}
