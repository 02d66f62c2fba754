"""27-29: metadata as a map, which replaces, and as a list, which sets; in JSON and in forms."""


def play(checks, wire):
    lists = {
        "JSON": {"json": {"file": {"metadata": [{"key": "m1", "value": "2"}]}}},
        "form": {"data": {"file[metadata][][key]": "m1", "file[metadata][][value]": "2"}},
        "un-nested JSON": {"json": {"metadata": [{"key": "m1", "value": "2"}]}},
    }
    for form, body in lists.items():
        path = _upload(wire, m1="1", note="x")
        checks.equal(f"27 list in {form}", _put(wire, path, body), {"m1": "2", "note": "x"})
    maps = {
        "JSON": {"json": {"file": {"metadata": {"m1": "2", "m3": "3"}}}},
        "form": {"data": {"file[metadata][m1]": "2", "file[metadata][m3]": "3"}},
        "un-nested JSON": {"json": {"metadata": {"m1": "2", "m3": "3"}}},
        "multipart": {"files": {"file[metadata][m1]": (None, "2"), "file[metadata][m3]": (None, "3")}},
    }
    for form, body in maps.items():
        path = _upload(wire, m1="1", m2="2")
        checks.equal(f"28 map in {form}", _put(wire, path, body), {"m1": "2", "m3": "3"})
    _two_pairs(checks, wire)
    _left_alone(checks, wire)
    _reserved(checks, wire)


def _two_pairs(checks, wire):
    """A repeated key starts the next pair, so the order of the fields matters."""
    pairs = [("key", "a"), ("value", "1"), ("key", "b"), ("value", "2")]
    body = {"data": [(f"file[metadata][][{name}]", value) for name, value in pairs]}
    checks.equal("27 two pairs in a form", _put(wire, _upload(wire, b="0"), body), {"a": "1", "b": "2"})


def _left_alone(checks, wire):
    path = _upload(wire, kept="yes")
    for what, fields in {"absent": {"original_protected": False}, "null": {"metadata": None}}.items():
        seen = _put(wire, path, {"json": {"file": fields}})
        checks.equal(f"5.6 metadata {what} changes nothing", seen, {"kept": "yes"})


def _reserved(checks, wire):
    path = _upload(wire, file_id="f-mine", shown="yes")
    checks.equal("29 file_id at creation", wire.data("GET", path)["attributes"]["metadata"], {"shown": "yes"})
    for form, metadata in {"map": {"file_id": "x", "a": "1"}, "list": [{"key": "file_id", "value": "x"}]}.items():
        seen = _put(wire, path, {"json": {"file": {"metadata": metadata}}})
        checks.holds(f"29 file_id in a {form}", "file_id" not in seen, seen)


def _upload(wire, **metadata):
    return f"files/{wire.upload('m.txt', **{f'metadata.{key}': value for key, value in metadata.items()})['id']}"


def _put(wire, path, body):
    answered = wire.data("PUT", path, **body)["attributes"]["metadata"]
    shown = wire.data("GET", path)["attributes"]["metadata"]
    return answered if answered == shown else {"answered": answered, "shown": shown}
