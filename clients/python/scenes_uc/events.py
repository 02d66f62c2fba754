"""72-78, 82, 83: what active webhooks are sent, and that a receiver that takes its time delays nobody."""

import json

import signatures
from receiver import Receiver

ALL = ["file.created", "file.updated", "file.deleted"]


def play(checks, wire):
    receiver, made = Receiver(), {}
    try:
        for path, events, active in [
            ("/all", ALL, True),
            ("/created", ["file.created"], True),
            ("/inactive", ALL, False),
        ]:
            fields = {"target_url": receiver.url + path, "events": events, "is_active": active}
            made[path] = wire.data("POST", "webhooks", json={"webhook": fields})
        created = wire.upload("event.txt", b"event")
        path = f"files/{created['id']}"
        updated = wire.data("PUT", path, json={"file": {"metadata": {"seen": "yes"}}})
        deleted = wire.data("DELETE", path)
        _told(checks, receiver, made, [created, updated, deleted])
        _slow(checks, wire, receiver, made)
    finally:
        for webhook in made.values():
            wire.data("DELETE", f"webhooks/{webhook['id']}")


def _told(checks, receiver, made, states):
    heard = receiver.wait("/all", len(ALL))
    checks.equal("72, 78 one POST for each change", len(heard), len(ALL))
    secret = made["/all"]["attributes"]["signing_secret"]
    for delivery, event, resource in zip(heard, ALL, states):
        document = json.loads(delivery.body)
        data = document["data"]
        seen = (data["type"], data["attributes"]["event"])
        checks.equal(f"72, 78 {event}", seen, ("webhook_events", event))
        checks.matches(f"72 {event}: id", data["id"], r"we-[A-Za-z0-9]{22}")
        related = [data["relationships"][name]["data"]["id"] for name in ("resource", "webhook")]
        checks.equal(f"73 {event}: relationships", related, [each["id"] for each in document["included"]])
        checks.equal(f"74 {event}: included", document["included"], [resource, made["/all"]])
        checks.equal(f"75 {event}: JSON", delivery.headers["content-type"], "application/json")
        signatures.check(checks, f"76 {event}", delivery, secret)

    other = receiver.wait("/created", 1)
    ids = {json.loads(delivery.body)["data"]["id"] for delivery in [heard[0], *other]}
    checks.equal("83 each webhook has its own event id", (len(other), len(ids)), (1, 2))
    signatures.check(checks, "83", other[0], made["/created"]["attributes"]["signing_secret"])
    checks.equal("77 an inactive one hears nothing", receiver.at("/inactive"), [])


def _slow(checks, wire, receiver, made):
    """While one webhook's answer is held back, calls are answered and the other webhook hears all."""
    before = len(receiver.at("/all"))
    release = receiver.hold("/created")
    try:
        files = [wire.upload(f"slow-{n}.txt") for n in range(3)]
        checks.holds("82 the slow one is being told", len(receiver.wait("/created", 2)) >= 2)
        for file in files:
            wire.data("DELETE", f"files/{file['id']}")
        heard = receiver.wait("/all", before + 6)
        checks.equal("82 nobody waits for it", (len(heard) - before, release.is_set()), (6, False))
    finally:
        release.set()
    names = {json.loads(delivery.body)["included"][0]["id"] for delivery in receiver.wait("/created", 4)[1:]}
    checks.equal("82 and it hears all in the end", names, {file["id"] for file in files})
