import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { textIn } from '../../lib/activation-config.ts'
import { When } from '../../ui/when.tsx'
import { forgetDraft, readDraft, type Draft } from './kept-draft.ts'
import { Wizard } from './wizard.tsx'

/** If this browser has a draft: continue it or start again. After a reload (the URL has a step) it continues. */
export function DraftChoice({ from, start }: { readonly from: string | null; readonly start: Draft }) {
  const { step } = useSearch({ strict: false }) as { readonly step?: unknown }
  const [found] = useState(() => readDraft(from))
  const [chosen, setChosen] = useState<Draft | null>(found === null ? start : step === undefined ? null : found)
  if (chosen !== null) return <Wizard from={from} start={chosen} />
  const startAgain = (): void => {
    forgetDraft(from)
    setChosen(start)
  }
  return (
    <Paper withBorder p="lg" bg="var(--panel)" maw={560}>
      <Stack>
        <Title order={2} size="h4">
          You have a draft of {found?.name === '' || found === null ? 'a new Activation' : `“${found.name}”`}
        </Title>
        <Text>
          Last changed <When at={found?.at ?? null} />
          {found !== null && textIn(found.config, 'warehouse') !== ''
            ? `, on ${textIn(found.config, 'warehouse')}`
            : ''}
          . The draft is kept only in this browser.
        </Text>
        <Group>
          <Button onClick={() => setChosen(found)}>Continue your draft</Button>
          <Button variant="default" onClick={startAgain}>
            Start again
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
