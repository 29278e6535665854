import { fiveActivationsKit } from '../testing/shared-account/shared-account-kit.ts'

fiveActivationsKit()
