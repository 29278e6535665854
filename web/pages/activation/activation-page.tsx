import { Badge, Tabs } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { readActivation } from '../../../src/api/activations/contract.ts'
import { shortCount } from '../../lib/format.ts'
import { activationLooks } from '../../lib/status-words.ts'
import { useApi } from '../../lib/use-api.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { ActivationButtons } from './activation-buttons.tsx'
import type { Activation } from './activation-tab.ts'
import styles from './activation-page.module.css'
import { tabs } from './tabs.tsx'

const crumbs = [{ label: 'Activations', to: '/activations' }]

export function ActivationPage() {
  const { activation = '', tab } = useParams({ strict: false })
  const query = useApi(readActivation, { params: { activation } }, { everyMs: 15_000 })
  const detail = query.data?.name === activation ? query.data : undefined
  const place = tabs.find(({ id }) => id === tab) ?? tabs[0]
  return (
    <Page
      title={activation}
      tabTitle={place === undefined || place === tabs[0] ? activation : `${place.label} · ${activation}`}
      crumbs={crumbs}
      beside={detail && <StatusBadge look={activationLooks[detail.state]} />}
      subtitle={detail && subtitleOf(detail)}
      actions={detail && <ActivationButtons activation={detail} />}
    >
      <Loaded query={query} loading={<Loading rows={6} height={48} />}>
        {(data) =>
          data.name === activation ? (
            <TabbedDetail activation={data} here={place?.id ?? ''} />
          ) : (
            <Loading rows={6} height={48} />
          )
        }
      </Loaded>
    </Page>
  )
}

function TabbedDetail({ activation, here }: { readonly activation: Activation; readonly here: string }) {
  const navigate = useNavigate()
  const open = (tab: string | null): void => {
    void navigate({
      to: '/activations/$activation/{-$tab}',
      params: { activation: activation.name, tab: tab === 'overview' || tab === null ? undefined : tab },
      resetScroll: false,
    })
  }
  // On a small screen the open tab may be outside the visible part of the bar, so scroll to it.
  const bar = useRef<HTMLDivElement>(null)
  useEffect(() => {
    bar.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [here])
  return (
    <Tabs value={here} onChange={open} keepMounted={false}>
      <Tabs.List ref={bar} className={styles['list']} mb="lg" aria-label={`About ${activation.name}`}>
        {tabs.map(({ id, label, figure }) => {
          const n = figure?.(activation) ?? 0
          return (
            <Tabs.Tab
              key={id}
              value={id}
              rightSection={
                n > 0 ? (
                  <Badge size="sm" variant="light" color="red" circle={n < 10}>
                    {shortCount(n)}
                  </Badge>
                ) : undefined
              }
            >
              {label}
            </Tabs.Tab>
          )
        })}
      </Tabs.List>
      {tabs.map(({ id, content: Content }) => (
        <Tabs.Panel key={id} value={id}>
          <Content activation={activation} />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

function subtitleOf({ behaviorLabel, groups, object, warehouse, target }: Activation): string {
  const named = groups.length > 0 ? `: ${groups.map(({ name }) => name).join(', ')}` : ''
  return `${warehouse} → ${target} · ${object} · ${behaviorLabel}${named}`
}
