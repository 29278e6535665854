import { Box, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Breadcrumb, type Crumb } from './breadcrumb.tsx'

interface PageProps {
  readonly title: string
  /** What the tab of the browser says, where the title alone is too little. */
  readonly tabTitle?: string
  /** The way here, without this page. */
  readonly crumbs?: readonly Crumb[]
  /** Beside the title, such as a status. */
  readonly beside?: ReactNode
  readonly subtitle?: ReactNode
  /** Buttons for the page as a whole; the most wanted one last. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** Every page: its title in the tab, the way to it, one heading, its actions, its content. */
export function Page({ title, tabTitle = title, crumbs = [], beside, subtitle, actions, children }: PageProps) {
  return (
    <>
      <title>{`${tabTitle} · Tailrace`}</title>
      {crumbs.length > 0 && <Breadcrumb crumbs={crumbs} here={title} />}
      <Group justify="space-between" align="flex-start" gap="sm" mb="lg">
        <Box miw={0} style={{ flex: '1 1 260px' }}>
          <Group gap="sm" align="center">
            <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>{title}</Title>
            {beside}
          </Group>
          {subtitle !== undefined && <Text c="dimmed" mt={4} component="div">{subtitle}</Text>}
        </Box>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </>
  )
}
