import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface EmptyProps {
  readonly title: string
  /** What will be shown here, and how to get it. */
  readonly children: ReactNode
  readonly icon?: ReactNode
  readonly action?: ReactNode
}

/** Placeholder of an empty list: says what will be here, and what to do. */
export function Empty({ title, children, icon, action }: EmptyProps) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={460} ta="center">
        {icon !== undefined && (
          <ThemeIcon variant="light" size={52} radius="xl" mb={4} aria-hidden>
            {icon}
          </ThemeIcon>
        )}
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" component="div">
          {children}
        </Text>
        {action !== undefined && <div style={{ marginTop: 8 }}>{action}</div>}
      </Stack>
    </Center>
  )
}
