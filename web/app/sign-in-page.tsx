import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { signIn } from '../../src/api/status/contract.ts'
import { useAction } from '../lib/use-api.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Logo } from './logo.tsx'

/** Shown instead of any page when the server requires its password. After sign-in the requested page appears. */
export function SignInPage() {
  const [password, setPassword] = useState('')
  const act = useAction(signIn, { quiet: true })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    act.mutate({ body: { password } })
  }
  return (
    <Center component="main" mih="100vh" p="md">
      <title>Sign in · Tailrace</title>
      <Paper withBorder p="xl" w="100%" maw={400} bg="var(--panel)">
        <form onSubmit={submit}>
          <Stack>
            <Logo />
            <Title order={1} size="h3">
              Sign in
            </Title>
            <Text c="dimmed" size="sm">
              Enter the password of this server. It was set in TAILRACE_PASSWORD when the server was started.
            </Text>
            <PasswordInput
              label="Password"
              required
              autoFocus
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {act.isError && <ErrorPanel error={act.error} />}
            <Button type="submit" loading={act.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}
