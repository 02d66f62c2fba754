"""30, 34, C9, C10: what else of a file can be changed, by PUT and by PATCH, with the key and with its own token."""

from datetime import datetime, timezone

MOMENT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def play(checks, wire):
    file = wire.upload("u.txt", **{"metadata.kept": "yes"})
    path, token = f"files/{file['id']}", file["authentication"]["access_token"]

    shown = _put(wire, path, {"expires_at": "2030-01-02T03:04:05Z"})
    checks.equal("30 expires_at", datetime.fromisoformat(shown["expires_at"]), MOMENT)
    shown = wire.data("PATCH", path, token, data={"file[expires_at]": "2030-01-02T03:04:05"})["attributes"]
    checks.equal("30 a moment without a zone is UTC", datetime.fromisoformat(shown["expires_at"]), MOMENT)
    checks.equal("C10 null clears it", _put(wire, path, {"expires_at": None})["expires_at"], None)

    for method, protected in [("PATCH", False), ("PUT", True)]:
        body = {"file": {"original_protected": protected}}
        seen = wire.data(method, path, token, json=body)["attributes"]["original_protected"]
        checks.equal(f"34 {method} with the file's token", seen, protected)
        checks.equal(f"34 {method} without a token", wire.call(method, path, None, json=body).status_code, 401)
    checks.equal("34 the rest is as it was", _put(wire, path, {})["metadata"], {"kept": "yes"})

    for what, fields in {"a bad date": {"expires_at": "soon"}, "bad metadata": {"metadata": "none"}}.items():
        answer = wire.call("PUT", path, json={"file": fields})
        seen = (answer.status_code, isinstance(answer.json().get("errors"), list))
        checks.equal(f"C13 {what}", seen, (422, True))


def _put(wire, path, fields):
    return wire.data("PUT", path, json={"file": fields})["attributes"]
