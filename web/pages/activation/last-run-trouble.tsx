import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useStartRun } from '../../features/activation/activation-menu.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { TroublePanel } from '../../ui/error-panel.tsx'
import { guardsOf, troubleOfFault } from '../../features/run/fault-words.ts'
import { Link } from '../../ui/link.tsx'
import type { TabProps } from './activation-tab.ts'

/** Why the last Run failed; if a guardrail blocked it, with a button to override it once. */
export function LastRunTrouble({ activation: { name, lastRun, problem } }: TabProps) {
  const [isAsking, asking] = useDisclosure()
  const start = useStartRun()
  if (lastRun === null || lastRun.fault === null || lastRun.fault.kind === 'cancelled') return null
  const { fault, run } = lastRun
  const guards = guardsOf(fault)
  const allow = (): void =>
    start.mutate({ params: { activation: name }, body: { allow: [...guards] } }, { onSuccess: asking.close })
  return (
    <Stack gap="xs">
      <TroublePanel
        trouble={troubleOfFault(fault)}
        tone={fault.kind === 'blocked' || fault.kind === 'stopped' ? 'warn' : 'bad'}
      />
      <Group gap="md">
        <Link to="/runs/$run" params={{ run: String(run) }} size="sm">
          See Run {run}
        </Link>
        {guards.length > 0 && problem === null && (
          <Button size="xs" variant="default" onClick={asking.open}>
            Override and run once…
          </Button>
        )}
      </Group>
      <ConfirmDialog
        opened={isAsking}
        onClose={asking.close}
        title="Override the guardrail for one Run?"
        verb="Override and run once"
        busy={start.isPending}
        onConfirm={allow}
      >
        <Text size="sm">{fault.message}</Text>
        <Text size="sm" mt="xs">
          This one Run overrides the guardrail ({guards.join(', ')}). The override is recorded with the Run. The
          guardrail still applies to all later Runs.
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}
