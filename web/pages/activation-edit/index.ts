export { EditActivationDialog, type EditSection } from './edit-activation-dialog.tsx'
export type { EditDialogProps } from './edit-dialog-props.ts'
export { SqlQueryDialog } from './sql-query-dialog.tsx'
