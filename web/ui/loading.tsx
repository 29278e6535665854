import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'

/** Placeholder of about the final size, so that the page does not jump. */
export function Loading({
  rows = 5,
  height = 34,
  label = 'Loading',
}: {
  readonly rows?: number
  readonly height?: number
  readonly label?: string
}) {
  return (
    <Stack gap="sm" role="status" aria-live="polite">
      <VisuallyHidden>{label}…</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="sm" aria-hidden />
      ))}
    </Stack>
  )
}
