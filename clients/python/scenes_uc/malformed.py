"""91-93: the health page, the routes that are none, and that nothing a client may send makes the server fail."""

from uc import KEY

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
TYPELESS_MULTIPART = {"Content-Type": "multipart/form-data"}
DEEP = b'{"file":{"metadata":' + b'{"a":' * 200 + b"1" + b"}" * 200 + b"}}"

BODIES = {
    "broken JSON": (JSON, b'{"file":'),
    "no JSON": (JSON, b""),
    "a JSON list": (JSON, b"[1,2]"),
    "a JSON word": (JSON, b"null"),
    "JSON that is not UTF-8": (JSON, b'{"file":"\xff"}'),
    "a root that is a word": (JSON, b'{"file":"x","webhook":"x"}'),
    "deep JSON": (JSON, DEEP),
    "fields of other types": (JSON, b'{"file":{"metadata":7,"expires_at":{},"original_protected":[]}}'),
    "webhook fields of other types": (JSON, b'{"webhook":{"target_url":[],"events":"x","is_active":{}}}'),
    "null bytes": (JSON, b'{"webhook":{"target_url":"http://h\\u0000.test/","events":["\\u0000"]}}'),
    "a broken form": (FORM, b"file[metadata=%zz&webhook[events][[]=&&=%ff"),
    "clashing form names": (FORM, b"file=1&file[metadata]=2&file[metadata][a]=3&webhook[events]=x"),
    "multipart without end": (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="file[content]"\r\n\r\nabc'),
    "multipart without beginning": (MULTIPART, b"nothing"),
    "multipart without boundary": (TYPELESS_MULTIPART, b"--b--"),
    "a part without a name": (MULTIPART, b"--b\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--b--\r\n"),
    "another type": ({"Content-Type": "text/xml"}, b"<file/>"),
}
PATHS = [
    "files/%00", "files/%ff%fe", "files/f-%2e%2e%2f", f"files/{'x' * 5000}", "webhooks/wh-", "files/f-ÿ",
    "files.json/x", "webhooks/1/2/3",
]  # fmt: skip
QUERIES = ["page[]=1", "page=%ff", "items=-1", "items=x", "page=99999999999999999999", "items[a]=1", "%zz=%"]


def play(checks, wire):
    checks.equal("91 /up", wire.fetch("GET", f"{wire.server.base}/up").status_code, 200)
    status = wire.fetch("GET", f"{wire.server.base}/api/v1/projects.json", KEY).status_code
    checks.equal("92 projects", status, 404)
    checks.equal("4 complete", wire.call("POST", f"files/{wire.upload()['id']}/complete").status_code, 404)

    file = wire.upload("m.txt")["id"]
    for what, (headers, body) in BODIES.items():
        for method, path in [("POST", "files"), ("POST", "webhooks"), ("PUT", f"files/{file}")]:
            _clients_fault(checks, f"93 {method} {path.split('/')[0]}: {what}", wire, method, path, headers, body)
    for path in PATHS:
        _clients_fault(checks, f"93 GET {path[:30]}", wire, "GET", path)
    for query in QUERIES:
        status = wire.fetch("GET", f"{wire.project}/files.json?{query}", KEY).status_code
        checks.holds(f"93 GET files?{query}", status < 500, status)
    odd = {"Authorization": b"Bearer \xff\xfe"}
    checks.equal("93 an odd token", wire.fetch("GET", f"{wire.project}/files.json", None, headers=odd).status_code, 401)


def _clients_fault(checks, what, wire, method, path, headers=None, body=None):
    status = wire.call(method, path, headers=headers or {}, data=body).status_code
    accepted = method == "PUT" and status == 200
    checks.holds(what, 400 <= status < 500 or accepted, status)
