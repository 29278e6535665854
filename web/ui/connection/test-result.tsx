import { Alert, Stack, Text } from '@mantine/core'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import type { testConnection } from '../../../src/api/connections/contract.ts'
import type { StatusLook } from '../../lib/status-words.ts'
import { TroublePanel } from '../error-panel.tsx'
import { AlertIcon, CheckIcon } from '../icons.tsx'
import { StatusBadge } from '../status-badge.tsx'
import styles from './test-result.module.css'

export type TestReply = ReplyOf<typeof testConnection>
type Right = TestReply['rights'][number]

/** Some right that was refused would stop an Activation later: worth a second look before it is saved. */
export function isAllGood({ ok, rights }: TestReply): boolean {
  return ok && rights.every(({ granted }) => granted !== false)
}

/** What a test found: who we are there, and each right as granted, refused or unknown. */
export function TestResult({ reply: { ok, problem, account, user, version, rights, notices } }: { readonly reply: TestReply }) {
  const who = [account !== null && `${account}`, user !== null && `as ${user}`, version].filter((part) => part !== false && part !== null && part !== '').join(' ')
  return (
    <Stack gap="sm" aria-live="polite">
      {problem !== null && <TroublePanel trouble={{ title: 'It cannot be used like this', ...problem }} />}
      {ok && <Alert color="green" variant="light" icon={<CheckIcon />} title="Connected">{who === '' ? 'It answers.' : who}</Alert>}
      {rights.length > 0 && (
        <ul className={styles['rights']} aria-label="Rights">
          {rights.map((right) => (
            <li key={right.name}>
              <div className={styles['right']}>
                <Text size="sm" fw={600}>{right.name}</Text>
                <StatusBadge look={lookOf(right)} />
              </div>
              {right.neededFor.length > 0 && <Text size="xs" c="dimmed">Needed for {right.neededFor.join(', ')}</Text>}
              {right.granted !== true && right.advice !== null && <Text size="sm" mt={2}>{right.advice}</Text>}
            </li>
          ))}
        </ul>
      )}
      {notices.map((notice) => <Alert key={notice} color="yellow" variant="light" icon={<AlertIcon />}>{notice}</Alert>)}
    </Stack>
  )
}

function lookOf({ granted }: Right): StatusLook {
  if (granted === true) return { word: 'Granted', tone: 'good', icon: 'check', meaning: 'This may be done.' }
  return granted === false
    ? { word: 'Refused', tone: 'bad', icon: 'cross', meaning: 'This may not be done.' }
    : { word: 'Unknown', tone: 'quiet', icon: 'dash', meaning: 'This cannot be tried without writing; the first Run will tell.' }
}
