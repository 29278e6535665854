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
  { key: 'adds', label: 'New records in one Run', preset: '50%', words: 'A share is of what this Activation holds; it does not bind at the first Run.', applies: always },
  { key: 'updates', label: 'Changed records in one Run', preset: '50%', words: 'Records that get other values.', applies: (behavior) => behavior?.mapsFields !== false },
  { key: 'removes', label: 'Removals in one Run', preset: '20%', words: 'Records that left the query, and are taken off or archived.', applies: (behavior) => behavior?.removes !== false },
  { key: 'shrunk', label: 'Shrinking of the query', preset: '50%', words: 'How much smaller the result may be than last time. A query that returns nothing is always stopped.', applies: (behavior) => behavior?.removes !== false },
  { key: 'invalid', label: 'Invalid rows', preset: '5%', words: 'Rows without identifier, duplicates, or with values that do not fit.', applies: always },
  { key: 'failures', label: 'Records that the Target rejects', preset: '10%', words: 'Judged after the first 100 answers; the Run stops there.', applies: always },
  { key: 'population', label: 'Share of all there are', preset: 'off', words: 'Of all contacts, companies or conversations of the Target. It binds a first Run, too.', applies: always },
]

/** Guardrails: limits that block a Run before its first write. */
export function LimitsEditor({ config, onChange, errors, behavior }: EditorProps & { readonly behavior: BehaviorOffer | undefined }) {
  const written = (config['limits'] ?? {}) as Readonly<Record<string, unknown>>
  const set = (key: string, text: string): void => {
    const { [key]: _, ...rest } = written
    const next = text === '' ? rest : { ...rest, [key]: text }
    onChange(withKeys(config, { limits: Object.keys(next).length === 0 ? undefined : next }))
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">A Run that would go beyond one of these stops before its first write, and waits for a person. Write a number of records (200), a share (50%), or off. Left empty, the default holds.</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {limits.filter(({ applies }) => applies(behavior)).map(({ key, label, preset, words: meaning }) => (
          <TextInput key={key} label={label} description={meaning} placeholder={`${preset} (default)`} value={words(written[key])} onChange={(event) => set(key, event.currentTarget.value)} error={wordsAt(errors, `/limits/${key}`)} autoComplete="off" />
        ))}
      </SimpleGrid>
    </Stack>
  )
}
