export { EditActivationDialog, type EditSection } from './edit-activation-dialog.tsx'
export { SqlQueryDialog } from './sql-query-dialog.tsx'
