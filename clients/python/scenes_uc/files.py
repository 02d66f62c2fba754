"""11-16, 32-36: a direct upload and everything it answers; removal; what is not there."""

from datetime import datetime, timedelta, timezone

import samples
from uc import KEY, Uc

NULLS = ["removed_at", "expires_at"]
NOT_CHUNKED = {"is_chunked_upload": False, "chunk_size": None, "is_complete": False}
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}|\d{6})Z"


def play(checks, wire):
    content = samples.png(6, 5)
    file = _uploaded(checks, wire, content)
    _same_without_extension(checks, wire, file, content)
    _removed(checks, wire)
    _options(checks, wire)
    _unknown(checks, wire)


def _uploaded(checks, wire, content):
    file = wire.upload("chart 図.png", content, "image/png")
    attributes = file["attributes"]
    checks.equal("11 type and status", (file["type"], attributes["status"]), ("files", "ready"))
    checks.matches("11 id", file["id"], r"f-[A-Za-z0-9]{22}")
    checks.matches("11 uuid", attributes["uuid"], r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    checks.equal("12 is an image", attributes["is_image"], True)
    checks.equal("12 mime", attributes["mime"], {"mime": "image/png", "type": "image", "subtype": "png"})
    checks.equal("12 original name", attributes["original_name"], "chart 図.png")
    checks.contains("C18 original url", attributes["original_url"], f"{wire.server.base}/cdn/{file['id']}")
    image = attributes["content"]["image"]
    checks.equal("12 picture", (image["format"], image["width"], image["height"]), ("PNG", 6, 5))
    checks.equal("12 no video", attributes["content"]["video"], None)
    checks.equal("13 size", attributes["size"], len(content))
    checks.equal("14 not chunked", (attributes["chunked_upload"], file["chunked_upload_urls"]), (NOT_CHUNKED, []))
    checks.equal("14 metadata", attributes["metadata"], {})
    checks.equal("14 nulls", [attributes[key] for key in NULLS], [None, None])
    checks.equal("14 protected", attributes["original_protected"], True)
    checks.matches("5.1 created_at", attributes["created_at"], MOMENT)
    checks.matches("5.1 uploaded_at", attributes["uploaded_at"], MOMENT)
    project = {"type": "projects", "id": wire.server.public_key}
    checks.equal("15 project", file["relationships"]["project"]["data"], project)
    checks.equal("33 show answers the same", wire.data("GET", f"files/{file['id']}"), file)
    return file


def _same_without_extension(checks, wire, file, content):
    bare = Uc(wire.server, extension="")
    other = bare.upload("chart 図.png", content, "image/png")
    checks.equal("16 upload without .json", _keys(other), _keys(file))
    checks.equal("16 show without .json", bare.data("GET", f"files/{file['id']}"), file)
    answer = bare.call("GET", f"files/{file['id']}")
    checks.matches("1.2 media type", answer.headers["content-type"], r"application/json; ?charset=utf-8")


def _removed(checks, wire):
    file = wire.upload("short-lived.txt")
    token = file["authentication"]["access_token"]
    removed = wire.data("DELETE", f"files/{file['id']}", token)["attributes"]
    checks.equal("32 removed", removed["status"], "removed")
    at = datetime.fromisoformat(removed["removed_at"])
    checks.holds("32 just now", abs(datetime.now(timezone.utc) - at) < timedelta(seconds=10), removed["removed_at"])
    shown = wire.data("GET", f"files/{file['id']}")
    checks.equal("33 still shown", shown["attributes"]["status"], "removed")
    count = wire.call("GET", "files").json()["pagination"]["count"]
    last = wire.data("GET", "files", params={"items": 1, "page": count})
    checks.equal("33 still listed", [each["id"] for each in last], [file["id"]])
    checks.equal("C30 removed again", wire.data("DELETE", f"files/{file['id']}"), shown)


def _options(checks, wire):
    file = wire.upload("open.txt", original_protected="false", expires_at="2030-01-02T03:04:05Z")
    checks.equal("36 not protected", file["attributes"]["original_protected"], False)
    expires_at = datetime.fromisoformat(file["attributes"]["expires_at"])
    checks.equal("30 expires_at at creation", expires_at, datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc))


def _unknown(checks, wire):
    for method in ["GET", "PUT", "DELETE"]:
        for name in ["f-0000000000000000000000", "nope"]:
            answer = wire.call(method, f"files/{name}", KEY, json={"file": {}} if method == "PUT" else None)
            seen = (answer.status_code, answer.json())
            checks.equal(f"35 {method} {name}", seen, (404, {"errors": ["File not found"]}))
    answer = wire.call("POST", "files", json={"file": {}})
    checks.holds("C13 nothing to upload", answer.status_code in (400, 422) and _errors(answer), answer.text)


def _keys(value):
    return {key: _keys(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def _errors(answer):
    errors = answer.json().get("errors")
    return isinstance(errors, list) and errors and all(isinstance(error, str) for error in errors)
