import { fiveActivationsKit } from '../testing/shared-account-kit.ts'

fiveActivationsKit()
