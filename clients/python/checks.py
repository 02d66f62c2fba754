"""A tally of checks: one line printed for each, and an exit status that tells whether all of them held.

No framework: a driver is a program that talks to a server the way an application would, and says what it saw.
"""

import contextlib
import re
import sys
import traceback

SHOWN_CHARS_MAX = 600


class Checks:
    """Counts what held and what did not. `scene` names the part of the story that the next checks belong to."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self._scene = ""

    def equal(self, what, got, expected):
        return self._note(what, got == expected, expected, got)

    def holds(self, what, truth, got=None):
        return self._note(what, bool(truth), "it to hold", got)

    def matches(self, what, got, pattern):
        return self._note(what, isinstance(got, str) and re.fullmatch(pattern, got), f"/{pattern}/", got)

    def contains(self, what, got, *expected):
        return self._note(what, all(part in got for part in expected), f"all of {expected!r} in it", got)

    def raises(self, what, kind, act):
        """Runs `act`, which must raise exactly `kind` or a subclass; answers the error, or None."""
        try:
            got = act()
        except kind as error:
            self._note(what, True, kind.__name__, error)
            return error
        except Exception as error:
            self._note(what, False, kind.__name__, f"{type(error).__name__}: {error}")
            return None
        self._note(what, False, kind.__name__, got)
        return None

    @contextlib.contextmanager
    def scene(self, name):
        """A part of the story. What breaks it counts as one failure, and the next scene still plays."""
        outer, self._scene = self._scene, f"{self._scene}{name}: "
        try:
            yield
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            seen = f"{type(error).__name__}: {error} ({where.filename.rsplit('/', 1)[-1]}:{where.lineno})"
            self._note("plays to its end", False, "no error", seen)
            traceback.print_exc(file=sys.stdout)
        finally:
            self._scene = outer

    def finish(self):
        print(f"{self.passed} ok, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)

    def _note(self, what, held, expected, got):
        if held:
            self.passed += 1
            print(f"ok {self._scene}{what}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {self._scene}{what} expected {_shown(expected)} got {_shown(got)}", flush=True)
        return bool(held)


def _shown(value):
    text = value if isinstance(value, str) and value.startswith("/") else repr(value)
    return text if len(text) <= SHOWN_CHARS_MAX else text[:SHOWN_CHARS_MAX] + "…"
