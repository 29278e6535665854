import { existsSync, globSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { Position, TailraceConfig } from '../config/config.ts'
import { suggestNames } from '../model/nearest-names.ts'
import { createProblemList, type Path, type ProblemList } from '../config/problem-list.ts'
import { readTextFile } from '../config/source/read-text-file.ts'
import { readYaml } from '../config/source/read-yaml.ts'
import { nodeAt, type SourceNode } from '../config/source/source-node.ts'
import { validateNode } from '../config/validate-node.ts'
import { caseFile, type Edit, type CaseExpectation, type GivenRow, type WrittenCase } from './case-schema.ts'
import { pluralOf, plurals, readMembership, type Membership, type Plural } from './memberships.ts'
import { wholesOf } from './whole-records.ts'
import { Fault } from '../model/fault.ts'

/** One Run of a case, and what it must produce. */
export interface CaseStep {
  readonly name: string
  /** `run`: the rows come from the Warehouse. */
  readonly rows: readonly GivenRow[] | 'run'
  readonly edits: readonly (Exclude<Edit, string> | { readonly put: boolean; readonly membership: Membership })[]
  readonly expect: Omit<CaseExpectation, 'writes'> & {
    readonly writes?: readonly { readonly put: boolean; readonly membership: Membership }[]
  }
}

export interface Case {
  readonly file: string
  readonly position: Position
  readonly name: string
  readonly activation: string
  readonly before: WrittenCase['before']
  /** The kind of target record that the Activation writes. It wins where a name could have several meanings. */
  readonly writes: Plural
  /** The kind of whole record that the Activation writes, if it writes whole records. */
  readonly wholes: 'contacts' | 'companies' | undefined
  readonly columns: WrittenCase['columns']
  readonly steps: readonly CaseStep[]
}

export interface CaseFileOptions {
  /** The path as the user wrote it. */
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A parsed case file: whether any case runs a Warehouse's query, and the cases, once the config is known. */
export interface CaseFile {
  readonly runsWarehouses: boolean
  cases(config: TailraceConfig, emulated: readonly string[]): readonly Case[]
}

/** Reads a case file. It and `cases` throw a ConfigFault that lists all problems. */
export async function readCaseFile({ file, env }: CaseFileOptions): Promise<CaseFile> {
  const text = await readTextFile(file, {
    code: 'cases-not-found',
    advice: 'Put cases into tailrace.test.yaml next to tailrace.yaml, or name the files on the command line.',
  })
  const problems = createProblemList(file)
  const root = asWritten(readYaml(text, env, problems), [])
  const start = { line: 1, column: 1 }
  if (root === undefined && problems.size === 0) problems.add(start, [], 'the file is empty; list cases under "cases:"')
  problems.throwIfAny()
  const { cases = [] } = validateNode(caseFile, { node: root, path: [], position: start }, problems) ?? {}
  problems.throwIfAny()
  return {
    runsWarehouses: cases.some(
      (each) => each.warehouse !== undefined || each.then.some((step) => step.warehouse !== undefined),
    ),
    cases(config, emulated) {
      const read = cases.map((written, index) =>
        readCase(written, { file, root, config, emulated, problems, path: ['cases', index] }),
      )
      for (const [index, { name }] of cases.entries()) {
        const first = cases.findIndex((each) => each.name === name)
        const path = ['cases', index, 'name']
        if (first < index)
          problems.add(positionAt(root, path), path, `two cases have the name "${name}"; give each case its own name`)
      }
      problems.throwIfAny()
      return read
    },
  }
}

/** Cells and Field values are text, so numbers in them keep their written form. */
function isText(path: Path): boolean {
  return path.includes('rows') || path.includes('fields') || path.includes('records')
}

/** The same tree, with these numbers as text. */
function asWritten(node: SourceNode | undefined, path: Path): SourceNode | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'scalar')
    return node.written !== undefined && isText(path) ? { ...node, value: node.written } : node
  if (node.kind === 'list')
    return { ...node, items: node.items.map((item, index) => asWritten(item, [...path, index]) ?? item) }
  return {
    ...node,
    entries: new Map(
      [...node.entries].map(([key, entry]) => [
        key,
        { ...entry, node: asWritten(entry.node, [...path, key]) ?? entry.node },
      ]),
    ),
  }
}

interface Around {
  readonly file: string
  readonly root: SourceNode | undefined
  readonly config: TailraceConfig
  /** Types of Targets that have an emulator. */
  readonly emulated: readonly string[]
  readonly problems: ProblemList
  readonly path: Path
}

function readCase(written: WrittenCase, around: Around): Case {
  const { root, config, path, problems } = around
  const complain = (below: Path, message: string): void =>
    problems.add(positionAt(root, [...path, ...below]), [...path, ...below], message)
  const { name, activation, before, columns } = written
  const chosen = config.activations.get(activation)
  if (chosen === undefined)
    complain(
      ['activation'],
      `no activation "${activation}"${suggestNames(activation, [...config.activations.keys()], 'activations')}`,
    )
  const type = chosen === undefined ? undefined : config.targets.get(chosen.target)?.type
  if (type !== undefined && !around.emulated.includes(type))
    complain(['activation'], `there is no emulator of ${type} to test this activation`)
  const wholes = wholesOf(chosen?.object ?? '')
  if (chosen !== undefined && pluralOf(chosen.object) === undefined && wholes === undefined) {
    complain(
      ['activation'],
      `"${activation}" writes ${chosen.object}, and cases support only contacts and companies, and tags on ${plurals.join(', ')}; use "tailrace plan" to see what it would write`,
    )
  }
  const writes = pluralOf(chosen?.object ?? '') ?? wholes ?? 'contacts'

  const group = (text: string, below: Path): { put: boolean; membership: Membership } => {
    const membership = readMembership(text, before, writes)
    if (membership === undefined)
      complain(below, `"${text}" does not end with the name of a record in "before"${listRecords(before, writes)}`)
    return { put: text.startsWith('+'), membership: membership ?? { of: writes, targetRecord: '', tag: '' } }
  }
  const known = (of: Plural, targetRecord: string, below: Path): void => {
    // An edit may also name a record that an earlier Run created.
    if (of === wholes && below.includes('edits')) return
    if (!Object.hasOwn(before[of], targetRecord))
      complain(
        below,
        `"before" has no "${targetRecord}" among its ${of}${suggestNames(targetRecord, Object.keys(before[of]), of)}`,
      )
  }
  let rows: CaseStep['rows'] = []
  const steps = [{ ...written, edits: [] }, ...written.then].map((step, index): CaseStep => {
    const at: Path = index === 0 ? [] : ['then', index - 1]
    rows = step.warehouse ?? step.rows ?? rows
    const { writes: expected, ...rest } = step.expect
    if (wholes === undefined && rest.records !== undefined && chosen !== undefined)
      complain([...at, 'expect', 'records'], `"${activation}" adds or removes tags: expect "writes"`)
    if (wholes !== undefined && expected !== undefined)
      complain([...at, 'expect', 'writes'], `"${activation}" writes whole ${wholes}: expect "records"`)
    for (const plural of plurals) {
      for (const targetRecord of Object.keys(rest.after?.[plural] ?? {}))
        known(plural, targetRecord, [...at, 'expect', 'after', plural, targetRecord])
    }
    return {
      name: index === 0 ? '' : (step.name ?? `then ${index}`),
      rows,
      edits: step.edits.map((edit, place) => {
        if (typeof edit === 'string') return group(edit, [...at, 'edits', place])
        if ('changeContact' in edit) known('contacts', edit.changeContact, [...at, 'edits', place])
        if ('changeCompany' in edit) known('companies', edit.changeCompany, [...at, 'edits', place])
        if ('unarchiveContact' in edit) known('contacts', edit.unarchiveContact, [...at, 'edits', place])
        if ('archiveContact' in edit) known('contacts', edit.archiveContact, [...at, 'edits', place])
        if ('deleteContact' in edit) known('contacts', edit.deleteContact, [...at, 'edits', place])
        if ('deleteCompany' in edit) known('companies', edit.deleteCompany, [...at, 'edits', place])
        return edit
      }),
      expect: {
        ...rest,
        ...(expected && { writes: expected.map((each, place) => group(each, [...at, 'expect', 'writes', place])) }),
      },
    }
  })
  return {
    file: around.file,
    position: positionAt(root, path),
    name,
    activation,
    before,
    writes,
    wholes,
    columns,
    steps,
  }
}

function listRecords(before: WrittenCase['before'], first: Plural): string {
  const known = [first, ...plurals.filter((plural) => plural !== first)].flatMap((plural) =>
    Object.keys(before[plural]),
  )
  if (known.length === 0) return ', which has no records'
  return known.length > 10 ? `, such as ${known.slice(0, 5).join(', ')}` : `: ${known.join(', ')}`
}

/** The position of a node or, if it does not exist, of its closest existing parent. */
function positionAt(root: SourceNode | undefined, path: Path): Position {
  const node = nodeAt(root, path)
  if (node !== undefined) return node.position
  return path.length === 0 ? { line: 1, column: 1 } : positionAt(root, path.slice(0, -1))
}

/**
 * Finds the case files: the named ones (with `*` and `**`), or else `tailrace.test.yaml` beside tailrace.yaml and every
 * `*.tailrace-test.yaml` in its folder.
 */
export function findCaseFiles(named: readonly string[], configFile: string): readonly string[] {
  if (named.length > 0) {
    const found = named.map((name) => (!existsSync(name) && name.includes('*') ? matching(name) : [name]))
    const none = named.find((_, index) => found[index]?.length === 0)
    if (none !== undefined) throw new Fault('usage', `No file matches ${none}.`, { code: 'cases-not-found' })
    return [...new Set(found.flat())]
  }
  const dir = dirname(configFile)
  const usual = join(dir, `${basename(configFile).replace(/\.ya?ml$/, '')}.test.yaml`)
  const files = [...(existsSync(usual) ? [usual] : []), ...matching(join(dir, '*.tailrace-test.yaml'))]
  if (files.length > 0) return files
  throw new Fault('usage', `There is no ${usual}.`, {
    code: 'cases-not-found',
    advice: 'Write cases into that file, or name other files with cases. See docs/testing-your-activations.md.',
  })
}

function matching(pattern: string): readonly string[] {
  return globSync(pattern)
    .map((file) => relative('', file))
    .toSorted()
}
