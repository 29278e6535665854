import { Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { withKeys } from '../../lib/activation-config.ts'
import { wordsAt } from '../../lib/field-errors.ts'
import { moment } from '../../lib/format.ts'
import {
  nextTimes,
  scheduleIn,
  scheduleKeys,
  unitWords,
  type ScheduleForm,
  type ScheduleUnit,
} from './schedule-times.ts'
import { useNow } from '../../ui/when.tsx'
import type { EditorProps } from './editor-props.ts'

const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]

/** The schedule, with the next times of a Run. */
export function ScheduleEditor({ config, onChange, errors }: EditorProps) {
  const form = scheduleIn(config)
  const set = (changed: ScheduleForm): void => onChange(withKeys(config, scheduleKeys(changed)))
  const choose = (kind: string): void =>
    set(
      kind === 'every'
        ? { kind, amount: '1', unit: 'h' }
        : kind === 'cron'
          ? { kind, cron: '0 6 * * *', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }
          : { kind: 'manual' },
    )
  const error = wordsAt(errors, '/schedule') ?? wordsAt(errors, '/cron') ?? wordsAt(errors, '/timezone')
  return (
    <Stack gap="sm">
      <Radio.Group label="Schedule" value={form.kind} onChange={choose}>
        <Group gap="lg" mt={6}>
          <Radio value="manual" label="Manual" />
          <Radio value="every" label="At an interval" />
          <Radio value="cron" label="At set times (cron)" />
        </Group>
      </Radio.Group>
      {form.kind === 'every' && (
        <Group gap="sm" align="flex-start">
          <TextInput
            label="Every"
            inputMode="numeric"
            w={100}
            value={form.amount}
            onChange={(event) => set({ ...form, amount: event.currentTarget.value })}
          />
          <Select
            label="Unit"
            w={130}
            allowDeselect={false}
            data={Object.entries(unitWords).map(([value, label]) => ({ value, label }))}
            value={form.unit}
            onChange={(unit) => set({ ...form, unit: (unit ?? 'h') as ScheduleUnit })}
          />
        </Group>
      )}
      {form.kind === 'cron' && (
        <Group gap="sm" align="flex-start">
          <TextInput
            label="Cron"
            description="Minute, hour, day of month, month, day of week"
            value={form.cron}
            onChange={(event) => set({ ...form, cron: event.currentTarget.value })}
            ff="monospace"
          />
          <Select
            label="Time zone"
            description="Time zone of the pattern"
            searchable
            allowDeselect={false}
            data={zones}
            limit={100}
            value={form.timezone}
            onChange={(timezone) => set({ ...form, timezone: timezone ?? 'UTC' })}
          />
        </Group>
      )}
      {error !== undefined ? (
        <Text size="sm" c="var(--tone-bad-text)" role="alert">
          {error}
        </Text>
      ) : (
        <NextTimes form={form} />
      )}
    </Stack>
  )
}

function NextTimes({ form }: { readonly form: ScheduleForm }) {
  const times = nextTimes(form, useNow())
  if ('trouble' in times)
    return (
      <Text size="sm" c="var(--tone-bad-text)" role="alert">
        {times.trouble}
      </Text>
    )
  if (times.length === 0)
    return (
      <Text size="sm" c="dimmed">
        The Activation runs only when you press Run now, or when the API or the command line starts it.
      </Text>
    )
  return (
    <div>
      <Text size="sm" c="dimmed">
        {form.kind === 'every' ? 'If started now, the Activation would run at' : 'The next Runs, in your local time'}:
      </Text>
      <Text size="sm" component="ul" m={0} pl="lg">
        {times.map((time) => (
          <li key={time.getTime()}>{moment(time)}</li>
        ))}
      </Text>
    </div>
  )
}
