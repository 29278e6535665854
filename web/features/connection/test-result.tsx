import { Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import type { testConnection } from '../../../src/api/connections/contract.ts'
import type { StatusLook } from '../../lib/status-words.ts'
import { TroublePanel } from '../../ui/error-panel.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import styles from './test-result.module.css'

export type TestReply = ReplyOf<typeof testConnection>
type Right = TestReply['rights'][number]

/** False also if a right is missing: it would block an Activation later, so show it before saving. */
export function isAllGood({ ok, rights }: TestReply): boolean {
  return ok && rights.every(({ granted }) => granted !== false)
}

/** The result of a connection test: account, user, and each right as granted, refused or unknown. */
export function TestResult({ reply }: { readonly reply: TestReply }) {
  const { ok, problem, account, user, version, rights, notices } = reply
  const place = useRef<HTMLDivElement>(null)
  // The form may be long, so scroll to the result.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [reply])
  const who = [account !== null && `${account}`, user !== null && `as ${user}`, version]
    .filter((part) => part !== false && part !== null && part !== '')
    .join(' ')
  return (
    <Stack gap="sm" aria-live="polite" ref={place}>
      {problem !== null && <TroublePanel trouble={{ title: 'The connection test failed', ...problem }} />}
      {ok && (
        <Notice tone="good" title="Connected">
          {who === '' ? 'The connection works.' : who}
        </Notice>
      )}
      {rights.length > 0 && (
        <ul className={styles['rights']} aria-label="Permissions">
          {rights.map((right) => (
            <li key={right.name}>
              <div className={styles['right']}>
                <Text size="sm" fw={600}>
                  {right.name}
                </Text>
                <StatusBadge look={lookOf(right)} />
              </div>
              {right.neededFor.length > 0 && (
                <Text size="xs" c="dimmed">
                  Needed for {right.neededFor.join(', ')}
                </Text>
              )}
              {right.granted !== true && right.advice !== null && (
                <Text size="sm" mt={2}>
                  {right.advice}
                </Text>
              )}
            </li>
          ))}
        </ul>
      )}
      {notices.map(({ words }) => (
        <Notice key={words} tone="warn">
          {words}
        </Notice>
      ))}
    </Stack>
  )
}

function lookOf({ granted }: Right): StatusLook {
  if (granted === true)
    return { word: 'Granted', tone: 'good', icon: 'check', meaning: 'The token has this permission.' }
  return granted === false
    ? { word: 'Not granted', tone: 'bad', icon: 'cross', meaning: 'The token does not have this permission.' }
    : {
        word: 'Unknown',
        tone: 'quiet',
        icon: 'dash',
        meaning: 'This cannot be tested without a write; the first Run shows it.',
      }
}
