import { SegmentedControl, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { AutoIcon, MoonIcon, SunIcon } from '../ui/icons.tsx'

const option = (value: 'light' | 'auto' | 'dark', label: string, icon: ReactNode) => ({
  value,
  label: (
    <span title={label} style={{ display: 'flex', justifyContent: 'center' }}>
      {icon}
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  ),
})
const options = [
  option('light', 'Light', <SunIcon size={16} />),
  option('auto', 'System', <AutoIcon size={16} />),
  option('dark', 'Dark', <MoonIcon size={16} />),
]

export function ColorSchemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label="Color scheme"
      data={options}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'light' | 'auto' | 'dark')}
    />
  )
}
