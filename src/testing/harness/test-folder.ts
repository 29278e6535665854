import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Creates a folder for embedded databases and their copies, in memory if `npm test` found room there
 * (TAILRACE_TEST_DATABASES). A disk takes up to half as much CPU again, and twice the time. The caller deletes the
 * folder.
 */
export async function testFolder(prefix: string): Promise<string> {
  return await realpath(await mkdtemp(join(process.env['TAILRACE_TEST_DATABASES'] ?? tmpdir(), prefix)))
}
