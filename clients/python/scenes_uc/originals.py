"""84-88, 90: originals at /cdn/, protected or not, and at the addresses that redirects lead to."""

import samples
from uc import KEY

CONTENT = samples.png(7, 7)


def play(checks, wire):
    protected = wire.upload("secret.png", CONTENT, "image/png")
    public = wire.upload("open.png", CONTENT, "image/png", original_protected="false")
    for ending in ["", "/"]:
        answer = _get(wire, f"/cdn/{protected['id']}{ending}")
        checks.equal(f"84 protected, ending {ending!r}", answer.status_code, 404)
        _original(checks, f"86 unprotected, ending {ending!r}", wire, f"/cdn/{public['id']}{ending}")
        for what, token in [("key", KEY), ("token", protected["authentication"]["access_token"])]:
            _original(checks, f"88 with the {what}, ending {ending!r}", wire, f"/cdn/{protected['id']}{ending}", token)

    for what, file in [("protected", protected), ("unprotected", public)]:
        answer = _get(wire, f"/cdn/{file['id']}/one/two")
        location = answer.headers.get("location", "")
        checks.equal(f"85 {what} with a suffix", answer.status_code, 302)
        checks.holds(f"85 {what}: where to", location.endswith(f"/{file['attributes']['uuid']}/one/two"), location)
    _never(checks, wire, protected)
    _foreign_token(checks, wire, protected, public)
    checks.equal("90 unknown", _get(wire, "/cdn/f-0000000000000000000000").status_code, 404)
    wire.data("DELETE", f"files/{public['id']}")
    checks.equal("C17 removed", _get(wire, f"/cdn/{public['id']}").status_code, 404)


def _original(checks, what, wire, path, token=None):
    answer = _follow(wire, path, token)
    seen = (answer.status_code, answer.content == CONTENT, answer.headers.get("content-type"))
    checks.equal(what, seen, (200, True, "image/png"))


def _never(checks, wire, file):
    uuid = file["attributes"]["uuid"]
    for path in [f"/cdn/{file['id']}/secret.png", f"/cdn/{file['id']}/one/two", f"/{uuid}/", f"/{uuid}/secret.png"]:
        answer = _follow(wire, path)
        checks.holds(f"87 {path} without a token", CONTENT not in answer.content, answer.status_code)


def _foreign_token(checks, wire, protected, public):
    answer = _follow(wire, f"/cdn/{protected['id']}", public["authentication"]["access_token"])
    checks.equal("88 another file's token", answer.status_code, 404)


def _get(wire, path, token=None, **options):
    return wire.fetch("GET", wire.server.base + path, token, **options)


def _follow(wire, path, token=None):
    return _get(wire, path, token, allow_redirects=True)
