import { Box, Group, Text, Title, Breadcrumbs } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from './link.tsx'

interface PageProps {
  readonly title: string
  /** The title of the browser tab, if it differs from `title`. */
  readonly tabTitle?: string
  /** Breadcrumbs, without this page. */
  readonly crumbs?: readonly Crumb[]
  /** Shown beside the title, such as a status. */
  readonly beside?: ReactNode
  readonly subtitle?: ReactNode
  /** Buttons for the whole page; the most important one last. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of a page: tab title, breadcrumbs, heading, actions, content. */
export function Page({ title, tabTitle = title, crumbs = [], beside, subtitle, actions, children }: PageProps) {
  return (
    <>
      <title>{`${tabTitle} · Tailrace`}</title>
      {crumbs.length > 0 && <Breadcrumb crumbs={crumbs} here={title} />}
      <Group justify="space-between" align="flex-start" gap="sm" mb="lg">
        <Box miw={0} style={{ flex: '1 1 260px' }}>
          <Group gap="sm" align="center">
            <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {beside}
          </Group>
          {subtitle !== undefined && (
            <Text c="dimmed" mt={4} component="div">
              {subtitle}
            </Text>
          )}
        </Box>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </>
  )
}

interface Crumb {
  readonly label: string
  readonly to: string
  readonly params?: Readonly<Record<string, string>>
}

function Breadcrumb({ crumbs, here }: { readonly crumbs: readonly Crumb[]; readonly here: string }) {
  return (
    <nav aria-label="Breadcrumb">
      <Breadcrumbs mb={6} separatorMargin={6} styles={{ root: { flexWrap: 'wrap', rowGap: 2 } }}>
        {crumbs.map(({ label, to, params }) => (
          <Link key={to + label} to={to} params={params} size="sm">
            {label}
          </Link>
        ))}
        <Text size="sm" c="dimmed" aria-current="page" truncate maw={260}>
          {here}
        </Text>
      </Breadcrumbs>
    </nav>
  )
}
