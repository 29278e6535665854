/** A file has one purpose, so it is short: at most 300 lines, 600 for tests and the schema, and a median below 120 lines in src/. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repoFiles, root } from './repo-files.ts'

const longest = 300
const longestTest = 600
const median = 120

const sizes = repoFiles()
  .filter((file) => /\.(ts|tsx|mjs|sql|css)$/.test(file) && !file.includes('.gen.'))
  .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
const limitOf = (file: string): number => (/\.(test|fixture)\.tsx?$|\.sql$/.test(file) ? longestTest : longest)
const tooLong = sizes.filter(({ file, lines }) => lines > limitOf(file))
for (const { file, lines } of tooLong)
  console.log(`${file} has ${lines} lines, ${limitOf(file)} are allowed: find its second purpose and give that a file`)

const own = sizes
  .filter(({ file }) => file.startsWith('src/'))
  .map(({ lines }) => lines)
  .toSorted((a, b) => a - b)
const middle = own[Math.floor(own.length / 2)] ?? 0
if (middle >= median) console.log(`the median file of src/ has ${middle} lines, below ${median} is wanted`)
process.exitCode = tooLong.length > 0 || middle >= median ? 1 : 0
