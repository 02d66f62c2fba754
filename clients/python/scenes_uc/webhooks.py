"""63-71: webhooks in form, JSON and un-nested JSON; their update by PUT and PATCH; their end; what is refused."""

from urllib.parse import urlencode

TARGET = "https://hooks.example.test/uc"
EVENTS = ["file.updated", "file.created"]
BODIES = {
    "form": {"data": [("webhook[target_url]", TARGET), *[("webhook[events][]", event) for event in EVENTS]]},
    "JSON": {"json": {"webhook": {"target_url": TARGET, "events": EVENTS}}},
    "un-nested JSON": {"json": {"target_url": TARGET, "events": EVENTS, "is_active": True}},
    "multipart": {
        "files": [("webhook[target_url]", (None, TARGET)), *[("webhook[events][]", (None, event)) for event in EVENTS]]
    },
}


def play(checks, wire):
    made = []
    try:
        for form, body in BODIES.items():
            made.append(wire.data("POST", "webhooks", **body))
            _created(checks, wire, form, made[-1])
        _updated(checks, wire, made[0])
        _listed(checks, wire, made)
        _refused(checks, wire, made[0])
    finally:
        removed = [wire.data("DELETE", f"webhooks/{webhook['id']}") for webhook in made]
    checks.equal("70 delete answers the webhook", [each["id"] for each in removed], [each["id"] for each in made])
    for method in ["GET", "DELETE", "PUT"]:
        answer = wire.call(method, f"webhooks/{made[0]['id']}", json={"webhook": {}} if method == "PUT" else None)
        seen = (answer.status_code, answer.json())
        checks.equal(f"70 then {method}", seen, (404, {"errors": ["Webhook not found"]}))


def _created(checks, wire, form, webhook):
    attributes = webhook["attributes"]
    seen = [attributes[key] for key in ("target_url", "events", "is_active", "version")]
    checks.equal(f"63, 64 {form}", seen, [TARGET, EVENTS, True, "1"])
    checks.matches(f"63 {form}: secret", attributes["signing_secret"], r"whsec-[A-Za-z0-9]{22}")
    checks.matches(f"63 {form}: id", webhook["id"], r"wh-[A-Za-z0-9]{22}")
    checks.equal("65 its keys", sorted(webhook), ["attributes", "id", "relationships", "type"])
    checks.equal("65 its type", (webhook["type"], "uuid" in attributes), ("webhooks", False))
    project = {"project": {"data": {"type": "projects", "id": wire.server.public_key}}}
    checks.equal("65 its project", webhook["relationships"], project)
    checks.equal("66 show", wire.data("GET", f"webhooks/{webhook['id']}"), webhook)


def _updated(checks, wire, webhook):
    path, before = f"webhooks/{webhook['id']}", webhook["attributes"]
    escaped = {"Content-Type": "application/x-www-form-urlencoded"}
    off = wire.data("PUT", path, data=urlencode({"webhook[is_active]": "false"}), headers=escaped)
    checks.equal("67 PUT form", off["attributes"], {**before, "is_active": False})
    on = wire.data("PATCH", path, json={"is_active": True})
    checks.equal("67 PATCH un-nested JSON", on["attributes"], before)
    fewer = wire.data("PUT", path, json={"webhook": {"events": ["file.deleted"]}})
    checks.equal("68 events are replaced whole", fewer["attributes"], {**before, "events": ["file.deleted"]})
    same = wire.data("PUT", path, json={"webhook": {"signing_secret": "mine", "events": EVENTS}})
    checks.equal("69 a secret cannot be sent", same["attributes"], before)


def _listed(checks, wire, made):
    pages = wire.call("GET", "webhooks").json()["pagination"]["pages"]
    listed = [each for page in range(1, pages + 1) for each in wire.data("GET", "webhooks", params={"page": page})]
    by_id = {webhook["id"]: webhook for webhook in listed}
    checks.equal("71 all are listed", [by_id.get(webhook["id"]) for webhook in made], made)
    projects = {webhook["relationships"]["project"]["data"]["id"] for webhook in listed}
    checks.equal("71 only this project's", projects, {wire.server.public_key})
    checks.equal("71 not without the key", wire.call("GET", "webhooks", None).status_code, 401)


def _refused(checks, wire, webhook):
    good = {"target_url": TARGET, "events": EVENTS}
    bad = {
        "an unknown event": {**good, "events": ["file.created", "file.eaten"]},
        "no events": {"target_url": TARGET},
        "an empty list of events": {**good, "events": []},
        "no address": {"events": EVENTS},
        "an address that is none": {**good, "target_url": "not an address"},
        "a scheme that is not HTTP": {**good, "target_url": "ftp://hooks.example.test/"},
        "an address with a password": {**good, "target_url": "https://me:secret@hooks.example.test/"},
    }
    for what, fields in bad.items():
        answer = wire.call("POST", "webhooks", json={"webhook": fields})
        checks.equal(f"422 for {what}", (answer.status_code, _has_errors(answer)), (422, True))
    for what in ["an unknown event", "an address that is none"]:
        answer = wire.call("PATCH", f"webhooks/{webhook['id']}", json={"webhook": bad[what]})
        checks.equal(f"422 for an update to {what}", (answer.status_code, _has_errors(answer)), (422, True))
    answer = wire.call("POST", "webhooks", json={})
    checks.holds("400 or 422 for nothing", answer.status_code in (400, 422) and _has_errors(answer), answer.text)


def _has_errors(answer):
    errors = answer.json().get("errors")
    return isinstance(errors, list) and all(isinstance(error, str) for error in errors)
