import { Code, Paper, Stack, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { catalogue } from '../../../src/catalogue.ts'
import { Empty } from '../../ui/empty.tsx'
import { adviceHere } from '../../lib/guard-words.ts'
import { SearchIcon } from '../../ui/icons.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Page } from '../../ui/page.tsx'

/** The meaning of a failure's code, as in docs/errors.md and `tailrace explain`. Works without a network. */
export function ErrorCodePage() {
  const { code = '' } = useParams({ strict: false })
  const found = catalogue
    .flatMap(({ title: area, entries }) => entries.map((entry) => ({ area, entry })))
    .find(({ entry }) => entry.code === code)
  if (found === undefined) {
    return (
      <Page title={code}>
        <Empty title="This code is not in the catalogue" icon={<SearchIcon size={24} />}>
          The code may come from another version of Tailrace than these pages. Try <code>tailrace explain {code}</code>.
        </Empty>
      </Page>
    )
  }
  const {
    area,
    entry: { title, cause, whoFixes, retried, fix, sql },
  } = found
  return (
    <Page
      title={title}
      tabTitle={code}
      subtitle={
        <>
          <code>{code}</code> · {area}
        </>
      }
    >
      <Paper withBorder p="md" maw={860}>
        <Stack gap="sm">
          <Text>{cause}</Text>
          <KeyValue
            pairs={[
              { key: 'What to do', value: adviceHere(code, fix) },
              { key: 'Who can fix it', value: whoFixes },
              { key: 'Tried again', value: retried },
            ]}
          />
          {sql !== undefined && (
            <Code block tabIndex={0}>
              {sql}
            </Code>
          )}
        </Stack>
      </Paper>
    </Page>
  )
}
