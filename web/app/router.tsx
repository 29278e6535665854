import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { Loading } from '../ui/loading.tsx'
import { ErrorPage, NotFoundPage } from './error-pages.tsx'
import { pages } from './pages.ts'
import { Shell } from './shell.tsx'

export function makeRouter() {
  const root = createRootRoute({ component: Shell })
  const home = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/activations' })
    },
  })
  const routes = pages.map(({ path, load }) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: lazyRouteComponent(async () => ({ page: await load() }), 'page'),
    }),
  )
  return createRouter({
    routeTree: root.addChildren([home, ...routes]),
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultPendingMs: 150,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  })
}
