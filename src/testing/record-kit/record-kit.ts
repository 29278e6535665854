import { describe } from 'node:test'
import { deliverRecordTests } from './record-kit-deliver.ts'
import { fieldTests } from './record-kit-fields.ts'
import { findTests, readRecordTests } from './record-kit-reads.ts'
import { hostileRecordTests } from './record-kit-hostile.ts'
import type { RecordCase } from './record-harness.ts'
import { checkTests, configTests } from '../target-kit/target-kit-check.ts'

/**
 * Registers the tests that every object with whole records must pass. They compare the outcomes with the emulator's
 * state: what is reported as delivered must be there; what is reported as rejected or on hold must not; nothing is
 * created twice.
 */
export function recordKit(testCase: RecordCase): void {
  describe(`${testCase.object.id} (${testCase.title})`, () => {
    configTests(testCase)
    checkTests(testCase, (harness) => harness.state())
    fieldTests(testCase)
    findTests(testCase)
    readRecordTests(testCase)
    deliverRecordTests(testCase)
    hostileRecordTests(testCase)
  })
}
