import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { ActivationMenu, usePause, useStartRun } from '../../features/activation/activation-menu.tsx'
import { PauseIcon, PlayIcon } from '../../ui/icons.tsx'
import type { TabProps } from './activation-tab.ts'
import { PlanDialog } from './plan-dialog.tsx'

export function ActivationButtons({ activation }: TabProps) {
  const { name, paused, problem } = activation
  const start = useStartRun()
  const { pause, resume } = usePause()
  const navigate = useNavigate()
  const [isPlanning, planning] = useDisclosure()
  const params = { activation: name }
  return (
    <>
      {paused ? (
        <Button
          variant="default"
          leftSection={<PlayIcon size={14} />}
          loading={resume.isPending}
          onClick={() => resume.mutate({ params })}
        >
          Resume
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<PauseIcon size={14} />}
          loading={pause.isPending}
          onClick={() => pause.mutate({ params })}
        >
          Pause
        </Button>
      )}
      <Button variant="default" disabled={problem !== null} onClick={planning.open}>
        See the plan
      </Button>
      <Button
        leftSection={<PlayIcon size={14} />}
        loading={start.isPending}
        disabled={problem !== null}
        onClick={() => start.mutate({ params, body: {} })}
      >
        Run now
      </Button>
      <PlanDialog name={name} opened={isPlanning} onClose={planning.close} />
      <ActivationMenu activation={activation} onDeleted={() => void navigate({ to: '/activations' })} />
    </>
  )
}
