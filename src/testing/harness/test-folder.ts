import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A new folder for what keeps an embedded database, or is copied with one: in memory where `npm test` found room there (TAILRACE_TEST_DATABASES). On a
 * disk that takes up to half as much CPU again, and twice the time. Whoever makes it removes it.
 */
export async function testFolder(prefix: string): Promise<string> {
  return await realpath(await mkdtemp(join(process.env['TAILRACE_TEST_DATABASES'] ?? tmpdir(), prefix)))
}
