import { AppShell, Box, Burger, Group } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { readStatus } from '../../src/api/status/contract.ts'
import { problemOf } from '../lib/api-error.ts'
import { useApi } from '../lib/use-api.ts'
import { useEvents } from '../lib/use-events.ts'
import { ColorSchemeMenu } from './color-scheme-menu.tsx'
import { Logo } from './logo.tsx'
import { NavBar } from './nav-bar.tsx'
import { PageAnnouncer } from './page-announcer.tsx'
import { ServerLine } from './server-line.tsx'
import styles from './shell.module.css'
import { SignInPage } from './sign-in-page.tsx'

/** The frame of every page: the left bar (behind a burger menu on small screens), and the page. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure()
  const status = useApi(readStatus, {}, { everyMs: 30_000 })
  useEvents(status.isSuccess)
  useHotkeys([['Escape', close]])
  if (status.isError && problemOf(status.error).status === 401) return <SignInPage />
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" bg="var(--panel)">
        <Group h="100%" px="md" justify="space-between">
          <Logo />
          <Burger
            opened={isOpen}
            onClick={toggle}
            size="sm"
            aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={isOpen}
          />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="md"
        bg="var(--panel)"
        component="aside"
        aria-label="Sidebar"
        className={styles['bar']}
        data-open={isOpen}
      >
        <Box visibleFrom="sm" mb="lg" px={8} pt={4}>
          <Logo />
        </Box>
        <Box style={{ flex: 1 }}>
          <NavBar onNavigate={close} />
        </Box>
        <ServerLine status={status} />
        <ColorSchemeMenu />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <PageAnnouncer />
        <Box maw={1240} mx="auto">
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  )
}
