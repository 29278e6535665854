// Written by `npm run gen` from the contents of src/api/. Do not edit.
import type { FastifyInstance } from 'fastify'
import { routes as activationsFailureRoutes } from './activations/failure-routes.ts'
import { routes as activationsInsightRoutes } from './activations/insight-routes.ts'
import { routes as activationsRoutes } from './activations/routes.ts'
import { routes as activationsRunRoutes } from './activations/run-routes.ts'
import { routes as configRoutes } from './config/routes.ts'
import { routes as connectionsRoutes } from './connections/routes.ts'
import { routes as connectionsTargetRoutes } from './connections/target-routes.ts'
import { routes as connectionsWarehouseRoutes } from './connections/warehouse-routes.ts'
import { routes as plansDraftRoutes } from './plans/draft-routes.ts'
import { routes as plansRoutes } from './plans/routes.ts'
import { routes as runsRecordRoutes } from './runs/record-routes.ts'
import { routes as runsRoutes } from './runs/routes.ts'
import { routes as runsWatchRoutes } from './runs/watch-routes.ts'
import { routes as statusRoutes } from './status/routes.ts'
import type { Services } from './services.ts'

export const routes: readonly ((app: FastifyInstance, services: Services) => void)[] = [activationsFailureRoutes, activationsInsightRoutes, activationsRoutes, activationsRunRoutes, configRoutes, connectionsRoutes, connectionsTargetRoutes, connectionsWarehouseRoutes, plansDraftRoutes, plansRoutes, runsRecordRoutes, runsRoutes, runsWatchRoutes, statusRoutes]
