import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'

/** The place of what is being loaded, in about its size, so that nothing jumps. */
export function Loading({ rows = 5, height = 34, label = 'Loading' }: { readonly rows?: number; readonly height?: number; readonly label?: string }) {
  return (
    <Stack gap="sm" role="status" aria-live="polite">
      <VisuallyHidden>{label}…</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => <Skeleton key={row} height={height} radius="sm" aria-hidden />)}
    </Stack>
  )
}
