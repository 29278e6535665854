import { Fault } from '../../model/fault.ts'

export interface DraftProblem {
  /** JSON pointer into the request body. */
  readonly pointer: string
  readonly detail: string
  readonly code: string
}

interface Words {
  readonly code: string
  readonly message: string
  readonly advice: string
}

/** An invalid request body: all its problems, each with a pointer. */
export class DraftFault extends Fault {
  readonly errors: readonly DraftProblem[]

  constructor(errors: readonly DraftProblem[], words: Words = wordsFor(errors)) {
    super('usage', words.message, words)
    this.errors = errors
  }
}

export function draftProblem(pointer: string, detail: string, code: string): DraftFault {
  return new DraftFault([{ pointer, detail, code }])
}

function wordsFor(errors: readonly DraftProblem[]): Words {
  const [first] = errors
  return {
    code: 'draft-invalid',
    advice: 'Correct each of them; nothing was saved.',
    message:
      errors.length === 1 && first !== undefined
        ? `${first.pointer.split('/').at(-1)}: ${first.detail}`
        : `There are ${errors.length} problems.`,
  }
}
