import { Breadcrumbs, Text } from '@mantine/core'
import { Link } from './link.tsx'

export interface Crumb {
  readonly label: string
  readonly to: string
  readonly params?: Readonly<Record<string, string>>
}

export function Breadcrumb({ crumbs, here }: { readonly crumbs: readonly Crumb[]; readonly here: string }) {
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
