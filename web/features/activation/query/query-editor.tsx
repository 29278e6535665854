import { Button, Collapse, Grid, Group, Input, Stack, Text } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useRef } from 'react'
import { readSchema } from '../../../../src/api/connections/contract.ts'
import { textIn, withKeys } from '../../../lib/activation-config.ts'
import { wordsAt } from '../../../lib/field-errors.ts'
import { plural } from '../../../lib/format.ts'
import { useApi } from '../../../lib/use-api.ts'
import { previewRows, type useQueryCheck } from './use-query-check.ts'
import { ErrorPanel } from '../../../ui/error-panel.tsx'
import { CheckIcon, TableIcon } from '../../../ui/icons.tsx'
import { ResultGrid } from './result-grid.tsx'
import { SchemaBrowser } from './schema-browser.tsx'
import type { SqlEditorHandle } from './sql-editor-props.ts'
import { SqlEditor } from './sql-editor.tsx'
import { useSqlLanguage } from './use-sql-language.ts'
import type { EditorProps } from '../editor-props.ts'

interface QueryEditorProps extends EditorProps {
  readonly checking: ReturnType<typeof useQueryCheck>
}

/** The Activation's SQL beside the Warehouse's tables. VALIDATE reads the columns, PREVIEW the first rows. */
export function QueryEditor({
  config,
  onChange,
  errors,
  checking: { check, isPending, rowsAsked, result, error },
}: QueryEditorProps) {
  const warehouse = textIn(config, 'warehouse')
  const query = textIn(config, 'query')
  const schema = useApi(readSchema, { params: { name: warehouse } }, { enabled: warehouse !== '' })
  const language = useSqlLanguage(warehouse)
  const editor = useRef<SqlEditorHandle | null>(null)
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  const [isBrowsing, { toggle }] = useDisclosure(false)
  const ask = (rows: number) => () => void check(rows).catch(() => undefined)
  const wrong = result?.problem ?? null
  const said = wrong === null ? wordsAt(errors, '/query') : undefined
  const browser = <SchemaBrowser warehouse={warehouse} onInsert={(text) => editor.current?.insert(text)} />
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="sm">
          <Input.Label component="div" aria-hidden mb={-6}>
            SQL Query
          </Input.Label>
          <SqlEditor
            label="SQL Query"
            value={query}
            onChange={(text) => onChange(withKeys(config, { query: text }))}
            language={language}
            schema={schema.data?.tables}
            problem={wrong}
            handleRef={editor}
          />
          {said !== undefined && (
            <Text size="sm" c="var(--tone-bad-text)" role="alert">
              {said}
            </Text>
          )}
          {error !== null && error !== undefined && <ErrorPanel error={error} />}
          <Group gap="xs" align="center">
            <Button
              variant="default"
              onClick={ask(0)}
              loading={isPending && rowsAsked === 0}
              disabled={query.trim() === '' || isPending}
            >
              VALIDATE
            </Button>
            <Button
              variant="default"
              onClick={ask(previewRows)}
              loading={isPending && rowsAsked > 0}
              disabled={query.trim() === '' || isPending}
            >
              PREVIEW
            </Button>
            {!isWide && (
              <Button
                variant="subtle"
                leftSection={<TableIcon size={16} />}
                onClick={toggle}
                aria-expanded={isBrowsing}
              >
                Tables
              </Button>
            )}
            <Text size="sm" role="status">
              {result !== undefined && wrong === null && (
                <Group gap={4} component="span" c="var(--tone-good-text)">
                  <CheckIcon size={16} />
                  Valid: {plural(result.columns.length, 'query field')}
                </Group>
              )}
            </Text>
          </Group>
          {!isWide && <Collapse expanded={isBrowsing}>{isBrowsing && browser}</Collapse>}
          {result !== undefined && wrong === null && rowsAsked > 0 && (
            <ResultGrid result={result} limit={previewRows} />
          )}
          {result !== undefined && wrong === null && rowsAsked === 0 && (
            <Text size="sm" c="dimmed">
              {result.columns.map(({ name, type }) => `${name} (${type})`).join(', ')}
            </Text>
          )}
        </Stack>
      </Grid.Col>
      {isWide && <Grid.Col span={4}>{browser}</Grid.Col>}
    </Grid>
  )
}
