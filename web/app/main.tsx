import './no-eval.ts'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './style.css'
import { QueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../lib/api-error.ts'
import { Providers } from './providers.tsx'
import { makeRouter } from './router.tsx'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // Retry once if the server did not answer or failed; a 4xx answer is final.
      retry: (failures, error) =>
        failures < 1 && !(error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500),
      retryDelay: 500,
    },
    mutations: { retry: false },
  },
})
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no root element')
createRoot(root).render(
  <Providers client={client}>
    <RouterProvider router={makeRouter()} />
  </Providers>,
)
