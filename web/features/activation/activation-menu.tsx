import { ActionIcon, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { pauseActivation, resumeActivation, startRun } from '../../../src/api/activations/contract.ts'
import { notifyDone } from '../../lib/notify.tsx'
import { useAction } from '../../lib/use-api.ts'
import { DeleteActivation } from './delete-activation.tsx'
import { CopyIcon, MoreIcon, PauseIcon, PlayIcon, TrashIcon } from '../../ui/icons.tsx'

interface ActivationMenuProps {
  readonly activation: { readonly name: string; readonly paused: boolean; readonly problem: unknown }
  readonly onDeleted?: () => void
}

/** Starts a Run, and shows the API's answer in a toast. */
export function useStartRun() {
  return useAction(startRun, {
    done: ({ run }, { params, body }) =>
      `${run === null ? 'A Run' : `Run ${run}`} of ${params.activation} has ${run === null ? 'been queued' : 'started'}${(body?.allow ?? []).length > 0 ? ', with its guardrails overridden for this Run' : ''}.`,
  })
}

/** Pauses and resumes; the toast of each offers Undo. */
export function usePause() {
  const resume = useAction(resumeActivation, {
    onDone: (_, { params }) =>
      notifyDone(`${params.activation} is resumed: its schedule continues.`, () => pause.mutate({ params })),
  })
  const pause = useAction(pauseActivation, {
    onDone: (_, { params }) =>
      notifyDone(`${params.activation} is paused: no scheduled Runs.`, () => resume.mutate({ params })),
  })
  return { pause, resume }
}

export function ActivationMenu({ activation: { name, paused, problem }, onDeleted }: ActivationMenuProps) {
  const [isDeleting, deleting] = useDisclosure()
  const start = useStartRun()
  const { pause, resume } = usePause()
  const navigate = useNavigate()
  const params = { activation: name }
  return (
    <>
      <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${name}`}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<PlayIcon size={16} />}
            disabled={problem !== null}
            onClick={() => start.mutate({ params, body: {} })}
          >
            Run now
          </Menu.Item>
          {paused ? (
            <Menu.Item leftSection={<PlayIcon size={16} />} onClick={() => resume.mutate({ params })}>
              Resume
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<PauseIcon size={16} />} onClick={() => pause.mutate({ params })}>
              Pause
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<CopyIcon size={16} />}
            onClick={() => void navigate({ to: '/create-activation', search: { from: name } })}
          >
            Clone with changes
          </Menu.Item>
          <Menu.Item leftSection={<TrashIcon size={16} />} c="var(--tone-bad-text)" onClick={deleting.open}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteActivation name={name} opened={isDeleting} onClose={deleting.close} onDeleted={onDeleted} />
    </>
  )
}
