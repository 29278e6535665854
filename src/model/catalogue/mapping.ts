import type { CatalogueArea } from './entry.ts'

const managed = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

export const mapping: CatalogueArea = {
  title: 'The mapping: which value goes to which Field',
  entries: [
    {
      ...managed,
      code: 'field-not-found',
      title: 'Field not found in the Target',
      cause:
        'The mapping names a Field that the Target does not list. A custom Field is named with its prefix, such as custom_attributes.plan.',
      fix: 'Correct the name (the message shows the nearest names), create the Field in the Target, or let Tailrace create it where the Target supports that.',
    },
    {
      ...managed,
      code: 'field-read-only',
      title: 'The Field cannot be written',
      cause: 'The Target sets this Field itself, or the Field is archived there.',
      fix: 'Remove the Field from the mapping.',
    },
    {
      ...managed,
      code: 'field-mapped-twice',
      title: 'Two values are mapped to one Field',
      cause:
        'The Field is in the mapping twice, two columns match it by name, or it identifies the record by another column.',
      fix: 'Keep one of them. Where autoMap finds two columns, name the right one under mapping.',
    },
    {
      ...managed,
      code: 'field-required',
      title: 'A Field that is required to create records is not mapped',
      cause: 'The behavior can create records, and the Target requires a value for this Field.',
      fix: 'Map a column or a constant to the Field, or use the Field as an identifier.',
    },
    {
      ...managed,
      code: 'field-never-empty',
      title: 'The Field cannot be emptied',
      cause: 'The mapping says onNull: clear, but the Target cannot empty this Field.',
      fix: 'Remove onNull: clear. Then a null value is not sent.',
    },
    {
      ...managed,
      code: 'field-type-mismatch',
      title: 'The column does not fit the Field',
      cause: 'The column has another type than the Field, and Tailrace cannot convert its values without a guess.',
      fix: 'State how to read the value (as: …), round it (clean: round), cast it in the query, or map another column. docs/mapping.md has the table.',
    },
    {
      ...managed,
      code: 'template-unreadable',
      title: 'The template is not valid',
      cause: 'Its braces are not balanced, or it names no column.',
      fix: 'Write it like "{{ first_name }} {{ last_name }}". For a value without a column, use a constant.',
    },
    {
      ...managed,
      code: 'cleaner-unfit',
      title: 'The clean step does not fit the value',
      cause:
        'trim, collapse, lower, upper, digits and emptyToNull apply to text. round, floor and ceil apply to numbers.',
      fix: 'Remove it from clean, or state with as how to read the value.',
    },
    {
      ...managed,
      code: 'constant-unfit',
      title: 'The constant does not fit the Field',
      cause: 'The constant has another type, is too long, or is not an option of the Field.',
      fix: 'Correct the constant.',
    },
    {
      ...managed,
      code: 'nothing-mapped',
      title: 'No Field is mapped',
      cause: 'The behavior updates Fields, and the mapping names none.',
      fix: 'Name Fields under mapping, or set autoMap: true.',
    },
    {
      ...managed,
      code: 'mapping-unused',
      title: 'The mapping has no effect',
      cause:
        'The behavior deletes or archives records, or the object has no Fields: Tailrace uses the identifier only.',
      fix: 'Remove mapping and autoMap.',
    },
  ],
}
