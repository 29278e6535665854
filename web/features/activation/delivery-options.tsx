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
  readonly applies: (
    object: TargetObject,
    behavior: BehaviorOffer | undefined,
    config: EditorProps['config'],
  ) => boolean
}

const choices: readonly Choice[] = [
  {
    key: 'ownership',
    label: 'Existing tags and values of others',
    preset: 'respect',
    applies: ({ members }) => members !== null,
    options: [
      {
        value: 'respect',
        label: 'Keep as external',
        words: 'This Activation never removes what was there before, or what a person added.',
      },
      {
        value: 'adopt',
        label: 'Adopt as managed',
        words: 'What is found in place counts as written by this Activation.',
      },
      {
        value: 'enforce',
        label: 'Remove what is not in the query',
        words: 'Everything else is removed, no matter who added it.',
      },
    ],
  },
  {
    key: 'drift',
    label: 'When someone changes what this Activation wrote',
    preset: 'report',
    applies: () => true,
    options: [
      { value: 'report', label: 'Report', words: 'The change is listed under Drift; nothing is written.' },
      { value: 'repair', label: 'Repair', words: 'The next Run after the verification writes it again.' },
    ],
  },
  {
    key: 'verify',
    label: 'Read back after each Run',
    preset: 'none',
    applies: () => true,
    options: [
      { value: 'none', label: 'None', words: 'The answers of the Target are trusted.' },
      { value: 'sample', label: 'Sample', words: 'Some of the written records are read again.' },
      { value: 'full', label: 'All', words: 'All written records are read again.' },
    ],
  },
  {
    key: 'matches',
    label: 'When an identifier matches several target records',
    preset: 'one',
    applies: ({ identifiers }, behavior, config) =>
      behavior?.manyMatch === true &&
      [config['identifier'] ?? []]
        .flat()
        .some((each) =>
          identifiers.some(
            ({ field, manyMatch }) => manyMatch && field === (each as { readonly field?: string }).field,
          ),
        ),
    options: [
      { value: 'one', label: 'Reject the record', words: 'The record is not loaded.' },
      { value: 'all', label: 'Write to all of them', words: 'All matching target records get the values.' },
    ],
  },
  {
    key: 'duplicates',
    label: 'Rows with the same identifier and different values',
    preset: 'refuse',
    applies: () => true,
    options: [
      { value: 'refuse', label: 'Reject all of them', words: 'The rows are invalid, and are listed.' },
      { value: 'first', label: 'Use the first row', words: 'The first in the order of the query.' },
    ],
  },
  {
    key: 'changedRows',
    label: 'Rows that change after their record was created',
    preset: 'mark',
    applies: (_, behavior) => behavior?.id === 'insert',
    options: [
      { value: 'mark', label: 'Mark them as not loaded', words: 'The records are listed as failed.' },
      { value: 'ignore', label: 'Ignore them', words: 'The records are not reported.' },
    ],
  },
]

interface DeliveryOptionsProps extends EditorProps {
  readonly object: TargetObject
  readonly behavior: BehaviorOffer | undefined
}

/** Advanced delivery options. The defaults are the safest choices. */
export function DeliveryOptions({ config, onChange, errors, immutable, object, behavior }: DeliveryOptionsProps) {
  const own = [object.members?.setting, object.members?.createSetting].filter(
    (key) => key !== undefined && key !== null,
  )
  return (
    <Stack gap="lg">
      {choices
        .filter(({ applies }) => applies(object, behavior, config))
        .map(({ key, label, preset, options }) => (
          <Radio.Group
            key={key}
            label={label}
            description={immutable[key]}
            value={textIn(config, key) || preset}
            error={wordsAt(errors, `/${key}`)}
            onChange={(value) => onChange(withKeys(config, { [key]: value === preset ? undefined : value }))}
          >
            <Stack gap={6} mt={6}>
              {options.map(({ value, label: word, words }) => (
                <Radio
                  key={value}
                  value={value}
                  label={word}
                  description={words}
                  disabled={immutable[key] !== undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
        ))}
      <TextInput
        label="Time limit"
        description="Maximum duration of one Run, including waiting: 90s, 15m, 6h or 1d."
        placeholder="6h (default)"
        maw={460}
        value={textIn(config, 'timeLimit')}
        error={wordsAt(errors, '/timeLimit')}
        onChange={(event) =>
          onChange(
            withKeys(config, { timeLimit: event.currentTarget.value === '' ? undefined : event.currentTarget.value }),
          )
        }
      />
      <SchemaForm schema={object.settings} values={config} onChange={onChange} errors={errors} except={own} />
    </Stack>
  )
}
