import { Button, Group, Text } from '@mantine/core'
import type { Problem } from '../../src/api/shared.ts'
import { problemOf } from '../lib/api-error.ts'
import { CopyButton } from './copy-button.tsx'
import { adviceHere } from '../lib/guard-words.ts'
import { Link } from './link.tsx'
import { Notice } from './notice.tsx'

/** Common shape of Faults of Runs, problems of Connections and error answers of the API. */
export interface Trouble {
  readonly title: string
  readonly message: string
  readonly advice: string | null
  readonly code: string
  readonly requestId?: string | null
}

interface TroublePanelProps {
  readonly trouble: Trouble
  readonly onRetry?: () => void
  readonly tone?: 'bad' | 'warn'
}

/** An error: what happened, why, what to do. The code links to its explanation. */
export function TroublePanel({
  trouble: { title, message, advice, code, requestId },
  onRetry,
  tone = 'bad',
}: TroublePanelProps) {
  return (
    <Notice tone={tone} title={title} role="alert">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
      {advice !== null && (
        <Text size="sm" mt={6}>
          <strong>What to do: </strong>
          {advice}
        </Text>
      )}
      <Group gap="md" mt="xs">
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        {code !== '' && (
          <Text size="xs">
            Code{' '}
            <Link to="/errors/$code" params={{ code }} size="xs" underline="always">
              <code>{code}</code>
            </Link>
          </Text>
        )}
        {requestId !== null && requestId !== undefined && (
          <Group gap={4}>
            <Text size="xs">
              Request <code>{requestId}</code>
            </Text>
            <CopyButton value={requestId} label="Copy the request id" />
          </Group>
        )}
      </Group>
    </Notice>
  )
}

/** Shows a thrown error: an error answer of the API, or an error of the page itself. */
export function ErrorPanel({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return <TroublePanel trouble={troubleOf(problemOf(error))} onRetry={onRetry} />
}

function troubleOf({ title, detail, advice, code, errors, requestId }: Problem): Trouble {
  const message = [
    detail,
    ...errors
      .map((error) => `${error.pointer === '' ? '' : `${error.pointer}: `}${error.detail}`)
      .filter((text) => !text.endsWith(detail)),
  ].join(' ')
  return { title, message, advice: adviceHere(code, advice), code, requestId }
}
