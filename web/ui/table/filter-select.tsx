import { Select } from '@mantine/core'

interface FilterSelectProps {
  readonly label: string
  /** The label of no filter: "All states". */
  readonly all: string
  readonly value: string | undefined
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string | undefined) => void
}

export function FilterSelect({ label, all, value, options, onChange }: FilterSelectProps) {
  return (
    <Select
      aria-label={label}
      placeholder={all}
      data={[...options]}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      clearable
      w={{ base: '100%', xs: 210 }}
      comboboxProps={{ withinPortal: true }}
      clearButtonProps={{ 'aria-label': `Clear: ${label}` }}
    />
  )
}
