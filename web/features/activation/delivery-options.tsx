import { Radio, Stack, TextInput } from '@mantine/core'
import { textIn, withKeys } from '../../lib/activation-config.ts'
import { wordsAt } from '../../lib/field-errors.ts'
import { SchemaForm } from '../../ui/form/schema-form.tsx'
import type { BehaviorOffer, EditorProps, TargetObject } from './editor-props.ts'

interface Choice {
  readonly key: string
  readonly label: string
  readonly preset: string
  readonly options: readonly { readonly value: string; readonly label: string; readonly words: string }[]
  readonly applies: (object: TargetObject, behavior: BehaviorOffer | undefined, config: EditorProps['config']) => boolean
}

const choices: readonly Choice[] = [
  {
    key: 'ownership', label: 'What others put there', preset: 'respect', applies: ({ members }) => members !== null,
    options: [
      { value: 'respect', label: 'Stays external', words: 'What was there before us, or what a person put on, is never taken off by us.' },
      { value: 'adopt', label: 'Becomes managed', words: 'What is found in place counts as written by this Activation from then on.' },
      { value: 'enforce', label: 'Only what the query says may stay', words: 'Everything else is taken off, whoever put it on.' },
    ],
  },
  {
    key: 'drift', label: 'When people change what we wrote', preset: 'report', applies: () => true,
    options: [{ value: 'report', label: 'Say so', words: 'It is listed under Drift; nothing is done.' }, { value: 'repair', label: 'Put it back', words: 'At the next Run after it was seen.' }],
  },
  {
    key: 'verify', label: 'Read back after each Run', preset: 'none', applies: () => true,
    options: [
      { value: 'none', label: 'No', words: 'The Target\'s answers are trusted.' }, { value: 'sample', label: 'A sample', words: 'Some of what was written is read again.' },
      { value: 'full', label: 'Everything', words: 'Costs as many reads as there are records.' },
    ],
  },
  {
    key: 'matches', label: 'Where an identifier names several records', preset: 'one',
    applies: ({ identifiers }, behavior, config) => behavior?.manyMatch === true && [config['identifier'] ?? []].flat().some((each) => identifiers.some(({ field, manyMatch }) => manyMatch && field === (each as { readonly field?: string }).field)),
    options: [{ value: 'one', label: 'Reject the record', words: 'It is not loaded, and says so.' }, { value: 'all', label: 'Write to each of them', words: 'All records that match get the values.' }],
  },
  {
    key: 'duplicates', label: 'Rows that name one record and ask for different things', preset: 'refuse', applies: () => true,
    options: [{ value: 'refuse', label: 'None of them counts', words: 'They are invalid, and named.' }, { value: 'first', label: 'The first row counts', words: 'In the order of the query.' }],
  },
  {
    key: 'changedRows', label: 'Rows that change after their record was created', preset: 'mark', applies: (_, behavior) => behavior?.id === 'insert',
    options: [{ value: 'mark', label: 'Mark them as not loaded', words: 'So that they can be seen.' }, { value: 'ignore', label: 'Ignore them', words: 'Nothing is said.' }],
  },
]

interface DeliveryOptionsProps extends EditorProps {
  readonly object: TargetObject
  readonly behavior: BehaviorOffer | undefined
}

/** Advanced delivery options. The defaults are the safest choices. */
export function DeliveryOptions({ config, onChange, errors, immutable, object, behavior }: DeliveryOptionsProps) {
  const own = [object.members?.setting, object.members?.createSetting].filter((key) => key !== undefined && key !== null)
  return (
    <Stack gap="lg">
      {choices.filter(({ applies }) => applies(object, behavior, config)).map(({ key, label, preset, options }) => (
        <Radio.Group key={key} label={label} description={immutable[key]} value={textIn(config, key) || preset} error={wordsAt(errors, `/${key}`)} onChange={(value) => onChange(withKeys(config, { [key]: value === preset ? undefined : value }))}>
          <Stack gap={6} mt={6}>{options.map(({ value, label: word, words }) => <Radio key={value} value={value} label={word} description={words} disabled={immutable[key] !== undefined} />)}</Stack>
        </Radio.Group>
      ))}
      <TextInput label="Time limit" description="How long one Run may take, waiting included: 90s, 15m, 6h or 1d." placeholder="6h (default)" maw={460} value={textIn(config, 'timeLimit')} error={wordsAt(errors, '/timeLimit')}
        onChange={(event) => onChange(withKeys(config, { timeLimit: event.currentTarget.value === '' ? undefined : event.currentTarget.value }))} />
      <SchemaForm schema={object.settings} values={config} onChange={onChange} errors={errors} except={own} />
    </Stack>
  )
}
