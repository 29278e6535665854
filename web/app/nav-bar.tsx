import { NavLink, Stack, type NavLinkProps } from '@mantine/core'
import { createLink, useLocation } from '@tanstack/react-router'
import { forwardRef, type AnchorHTMLAttributes } from 'react'
import { pages } from './pages.ts'

const PageNavLink = createLink(
  forwardRef<HTMLAnchorElement, NavLinkProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof NavLinkProps>>(
    function PageNavLink(props, ref) {
      return <NavLink component="a" ref={ref} {...props} />
    },
  ),
)

const entries = pages
  .flatMap(({ path, nav }) => (nav === undefined ? [] : [{ path, ...nav }]))
  .toSorted((a, b) => a.order - b.order)

export function NavBar({ onNavigate }: { readonly onNavigate: () => void }) {
  const { pathname } = useLocation()
  return (
    <Stack gap={4} component="nav" aria-label="Main">
      {entries.map(({ path, label, icon: Icon }) => {
        const isHere = pathname === path || pathname.startsWith(`${path}/`)
        return (
          <PageNavLink
            key={path}
            to={path}
            label={label}
            leftSection={<Icon />}
            active={isHere}
            aria-current={isHere ? 'page' : undefined}
            onClick={onNavigate}
          />
        )
      })}
    </Stack>
  )
}
