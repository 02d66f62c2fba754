"""What the uc v1 webhooks were told: several events each, documents with the resource and the webhook included."""

import json

import signatures
from scenes_webhooks.subscriptions import UC_ALL, UC_DELETED, UC_INACTIVE


def play(checks, receiver, subscriptions, told):
    webhook = subscriptions.uc[UC_ALL]
    secret = webhook["attributes"]["signing_secret"]
    lives = {uuid: _life(receiver, uuid) for uuid in (told.wandering, told.foreign)}
    for uuid, deliveries in lives.items():
        name = "wandering" if uuid == told.wandering else "foreign"
        for delivery in deliveries:
            what = f"{_event(delivery)} of {name}"
            signatures.check(checks, what, delivery, secret)
            _shape(checks, what, json.loads(delivery.body), webhook)
    _order(checks, lives[told.wandering], lives[told.foreign])
    _quiet(checks, receiver, subscriptions, told)
    _second_webhook(checks, receiver, subscriptions)


def _life(receiver, uuid):
    """All that UC_ALL heard of a file, up to its deletion: nothing said earlier can still be under way then."""
    receiver.wait(UC_ALL, 1, lambda delivery: _uuid(delivery) == uuid and _event(delivery) == "file.deleted")
    return [delivery for delivery in receiver.at(UC_ALL) if _uuid(delivery) == uuid]


def _shape(checks, what, document, webhook):
    data, included = document["data"], document["included"]
    related = {name: value["data"] for name, value in data["relationships"].items()}
    checks.equal(f"{what}: keys", (sorted(document), data["type"]), (["data", "included"], "webhook_events"))
    checks.matches(f"{what}: id", data["id"], r"we-[A-Za-z0-9]{22}")
    checks.equal(f"{what}: webhook", related["webhook"], {"type": "webhooks", "id": webhook["id"]})
    checks.matches(f"{what}: file", related["resource"]["id"], r"f-[A-Za-z0-9]{22}")
    identities = [{"type": one["type"], "id": one["id"]} for one in included]
    checks.equal(f"{what}: included, in order", identities, [related["resource"], related["webhook"]])
    checks.equal(f"{what}: the webhook as shown", included[1], webhook)


def _order(checks, wandering, foreign):
    events = [_event(delivery) for delivery in wandering]
    checks.equal("created first, deleted last", (events[0], events[-1]), ("file.created", "file.deleted"))
    # Storing shows in no attribute of this wire, so a server may or may not have a word for it here.
    checks.holds("between them the updates", events[1:-1] in (["file.updated"] * 2, ["file.updated"] * 3), events)
    states = [_file(delivery)["metadata"] for delivery in wandering]
    changes = [state for at, state in enumerate(states) if at == 0 or state != states[at - 1]]
    checks.equal("each as it was then", changes, [{"step": "0"}, {"step": "1 <&> «ünï»"}, {}])

    expected = [("file.created", "ready"), ("file.updated", "ready"), ("file.deleted", "removed")]
    seen = [(_event(delivery), _file(delivery)["status"]) for delivery in foreign]
    checks.equal("nothing changed, nothing said", seen, expected)


def _quiet(checks, receiver, subscriptions, told):
    heard = receiver.wait(UC_ALL, 1, lambda delivery: _uuid(delivery) == told.quiet)
    resource = json.loads(heard[0].body)["included"][0]
    shown = subscriptions.wire.data("GET", f"files/{resource['id']}")
    checks.equal("the file as shown", resource, shown)
    checks.equal("and as uploaded through the other wire", shown["attributes"]["original_name"], "quiet.png")


def _second_webhook(checks, receiver, subscriptions):
    heard = receiver.wait(UC_DELETED, 2)
    checks.equal("a second webhook hears its own event only", [_event(each) for each in heard], ["file.deleted"] * 2)
    secret = subscriptions.uc[UC_DELETED]["attributes"]["signing_secret"]
    for delivery in heard:
        signatures.check(checks, "a second webhook", delivery, secret)
    ids = [json.loads(each.body)["data"]["id"] for each in receiver.at(UC_ALL) + heard]
    checks.equal("every event told has its own id", len(ids), len(set(ids)))
    checks.equal("inactive: nothing", receiver.at(UC_INACTIVE), [])


def _event(delivery):
    return json.loads(delivery.body)["data"]["attributes"]["event"]


def _file(delivery):
    return json.loads(delivery.body)["included"][0]["attributes"]


def _uuid(delivery):
    return _file(delivery)["uuid"]
