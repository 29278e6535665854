import type { CatalogueArea } from './entry.ts'

const managed = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

export const mapping: CatalogueArea = {
  title: 'The mapping: which value goes to which Field',
  entries: [
    {
      ...managed, code: 'field-not-found', title: 'The Target has no such Field',
      cause: 'The mapping names a Field that the Target does not list now. Fields that were made there by hand go by their whole name, such as custom_attributes.plan.',
      fix: 'Correct the name (the nearest are shown), make the Field in the Target, or let Tailrace make it where the Target can.',
    },
    {
      ...managed, code: 'field-read-only', title: 'The Field cannot be written',
      cause: 'The Target fills it itself, or it was archived there.', fix: 'Take it out of the mapping.',
    },
    {
      ...managed, code: 'field-mapped-twice', title: 'Two values go to one Field',
      cause: 'It stands twice in the mapping, two columns go to it by name, or it identifies the record by another column.',
      fix: 'Keep one of them. Where autoMap finds two, name the right one under mapping.',
    },
    {
      ...managed, code: 'field-required', title: 'A Field is missing without which nothing can be created',
      cause: 'The behavior may create things, and the Target requires a value for this Field.', fix: 'Map a column or a constant to it, or identify records by it.',
    },
    {
      ...managed, code: 'field-never-empty', title: 'The Field cannot be made empty',
      cause: 'The mapping says onNull: clear, and the Target keeps the value it has.', fix: 'Take onNull: clear out; a null is then not spoken of.',
    },
    {
      ...managed, code: 'field-type-mismatch', title: 'The column does not fit the Field',
      cause: 'What the column holds is of another type than the Field, and turning the one into the other would be a guess.',
      fix: 'Say what to read it as (as: …), round it (clean: round), cast it in the query, or map another column; docs/mapping.md has the table.',
    },
    {
      ...managed, code: 'template-unreadable', title: 'The template cannot be read',
      cause: 'Its braces do not pair, or it names no column.', fix: 'Write it as in "{{ first_name }} {{ last_name }}"; what needs no column is a constant.',
    },
    {
      ...managed, code: 'cleaner-unfit', title: 'The cleaner does not fit the value',
      cause: 'trim, collapse, lower, upper, digits and emptyToNull are for text; round, floor and ceil are for numbers.',
      fix: 'Take it out of clean, or say what to read the value as before it.',
    },
    {
      ...managed, code: 'constant-unfit', title: 'The constant does not fit the Field',
      cause: 'It is of another type, too long, or none of the Field\'s options.', fix: 'Correct it.',
    },
    {
      ...managed, code: 'nothing-mapped', title: 'There is nothing to update',
      cause: 'The behavior updates Fields, and none is mapped.', fix: 'Name Fields under mapping, or set autoMap: true.',
    },
    {
      ...managed, code: 'mapping-unused', title: 'The mapping would have no effect',
      cause: 'The behavior deletes or archives, or the object has no Fields: only the identifier is used.', fix: 'Take mapping and autoMap out.',
    },
  ],
}
