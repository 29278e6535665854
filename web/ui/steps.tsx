import { Text, UnstyledButton } from '@mantine/core'
import { CheckIcon } from './icons.tsx'
import styles from './steps.module.css'

export interface Step<Id extends string> {
  readonly id: Id
  readonly label: string
  /** The choice made in this step, in short. */
  readonly chosen?: string | undefined
  readonly isDone: boolean
  /** Whether the user can go to this step. */
  readonly isOpen: boolean
}

/** The steps of a wizard in a row. Small screens show only the name of the current step. */
export function Steps<Id extends string>({
  steps,
  here,
  onGo,
}: {
  readonly steps: readonly Step<Id>[]
  readonly here: Id
  readonly onGo: (id: Id) => void
}) {
  const at = steps.findIndex(({ id }) => id === here)
  return (
    <nav aria-label="Steps">
      <ol className={styles['steps']}>
        {steps.map(({ id, label, chosen, isDone, isOpen }, index) => (
          <li
            key={id}
            className={styles['step']}
            data-here={id === here || undefined}
            data-done={(isDone && id !== here) || undefined}
          >
            <UnstyledButton
              className={styles['button']}
              disabled={!isOpen || id === here}
              onClick={() => onGo(id)}
              aria-current={id === here ? 'step' : undefined}
            >
              <span className={styles['mark']} aria-hidden>
                {isDone && id !== here ? <CheckIcon size={14} /> : index + 1}
              </span>
              <span className={styles['words']}>
                <span className={styles['label']}>{label}</span>
                {chosen !== undefined && chosen !== '' && (
                  <Text size="xs" c="dimmed" component="span" truncate>
                    {chosen}
                  </Text>
                )}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ol>
      <p className={styles['where']}>
        Step {at + 1} of {steps.length}: <strong>{steps[at]?.label}</strong>
      </p>
    </nav>
  )
}
