// A tally of checks: one line printed for each, and an exit status that tells whether all of them held.

import { isDeepStrictEqual, inspect } from 'node:util'

const SHOWN_CHARS_MAX = 600

export class Checks {
  #passed = 0
  #failed = 0
  #scene = ''

  equal(what, got, expected) {
    return this.#note(what, isDeepStrictEqual(got, expected), expected, got)
  }

  holds(what, truth, got) {
    return this.#note(what, Boolean(truth), 'it to hold', got)
  }

  matches(what, got, pattern) {
    return this.#note(what, typeof got === 'string' && pattern.test(got), pattern, got)
  }

  /** Runs `act`, which must reject with a `kind`; answers the error, or undefined. */
  async rejects(what, kind, act) {
    try {
      this.#note(what, false, kind.name, await act())
    } catch (error) {
      if (this.#note(what, error instanceof kind, kind.name, error)) return error
    }
    return undefined
  }

  /** A part of the story. What breaks it counts as one failure, and the next scene still plays. */
  async scene(name, play) {
    const outer = this.#scene
    this.#scene = `${outer}${name}: `
    try {
      await play()
    } catch (error) {
      this.#note('plays to its end', false, 'no error', error)
      console.log(error.stack ?? error)
    } finally {
      this.#scene = outer
    }
  }

  /** Ends the program. */
  finish() {
    console.log(`${this.#passed} ok, ${this.#failed} failed`)
    process.exit(this.#failed > 0 || this.#passed === 0 ? 1 : 0)
  }

  #note(what, held, expected, got) {
    if (held) {
      this.#passed += 1
      console.log(`ok ${this.#scene}${what}`)
    } else {
      this.#failed += 1
      console.log(`FAIL ${this.#scene}${what} expected ${shown(expected)} got ${shown(got)}`)
    }
    return held
  }
}

function shown(value) {
  const text = value instanceof Error ? String(value) : inspect(value, { depth: 6, breakLength: Infinity })
  return text.length <= SHOWN_CHARS_MAX ? text : `${text.slice(0, SHOWN_CHARS_MAX)}…`
}
