"""A receiver that redirects each message once: that is a failure, not followed, and the same message comes again."""

import json

import signatures
from scenes_webhooks.subscriptions import FLAKY, NEVER, SECRET, UC_DELETED, UPLOADCARE_EVENTS


def play(checks, receiver, subscriptions, told):
    attempts = {}
    for delivery in receiver.wait(FLAKY, 6):
        attempts.setdefault(delivery.headers.get("webhook-id"), []).append(delivery)
    told_of = {json.loads(tries[0].body)["data"]["uuid"] for tries in attempts.values()}
    checks.equal("each file was told of", told_of, {told.wandering, told.quiet, told.foreign})
    checks.equal("each message came twice", [len(tries) for tries in attempts.values()], [2] * 3)
    checks.holds("with the same body", all(len({each.body for each in tries}) == 1 for tries in attempts.values()))
    for tries in attempts.values():
        signatures.check(checks, "the second attempt", tries[-1], SECRET)
    checks.equal("the redirect was not followed", receiver.at(NEVER), [])
    _once(checks, receiver)


def _once(checks, receiver):
    """By now the retries have gone by: whatever was accepted at first must not have come again."""
    for path in [f"/{event}" for event in UPLOADCARE_EVENTS] + [UC_DELETED]:
        ids = [delivery.headers.get("webhook-id") for delivery in receiver.at(path)]
        checks.equal(f"{path}: what was accepted came once", len(ids), len(set(ids)))
