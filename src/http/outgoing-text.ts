/** The body of one attempt, produced while it is sent. */
export interface OutgoingText {
  /** Read by the connection, with backpressure. */
  readonly body: AsyncIterable<string>
  /** The first characters that were sent, at most `most`. */
  readonly beginning: string
  /** Whether any part may have left this machine. */
  readonly hasLeft: boolean
  /** Why the producer could not go on, if so. */
  readonly failure: { readonly error: unknown } | undefined
}

/** Calls `produce` when the connection is ready for the body. `most`: characters to keep for captured calls. */
export function outgoingText(produce: () => AsyncIterable<string>, most: number): OutgoingText {
  let beginning = ''
  let hasLeft = false
  let failure: OutgoingText['failure']

  async function* body(): AsyncIterable<string> {
    try {
      for await (const part of produce()) {
        if (beginning.length < most) beginning = (beginning + part).slice(0, most)
        // From here on the connection may have sent the part, even if it never asks for the next one.
        hasLeft = true
        yield part
      }
    } catch (error) {
      // A connection that breaks ends this loop without an error.
      failure = { error }
      throw error
    }
  }

  return {
    body: body(),
    get beginning() {
      return beginning
    },
    get hasLeft() {
      return hasLeft
    },
    get failure() {
      return failure
    },
  }
}
