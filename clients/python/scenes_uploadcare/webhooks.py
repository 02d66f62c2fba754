"""Managing webhooks: create, list, update, delete, and the uniqueness of project, event and address."""

import uuid

from pyuploadcare.exceptions import InvalidRequestError, WebhookIsNotUnique

EVENTS = ["file.uploaded", "file.infected", "file.stored", "file.deleted", "file.info_updated"]
SECRET = "a-secret-of-32-characters-012345"


def play(checks, server, scheme):
    client = server.uploadcare(scheme)
    target = f"https://hooks.example.test/{uuid.uuid4()}"
    made = [client.create_webhook(target, event=event) for event in EVENTS]
    try:
        created(checks, server, client, target, made)
        updated(checks, client, target, made[0])
        not_unique(checks, client, target, made)
        refused(checks, client, target)
    finally:
        for webhook in made:
            client.delete_webhook(webhook)
    deleted(checks, client, made)


def created(checks, server, client, target, made):
    checks.equal("create answers the event", [webhook.event for webhook in made], EVENTS)
    checks.equal("create answers the address", {webhook.target_url for webhook in made}, {target})
    checks.equal("create makes it active, unsigned", (made[0].is_active, made[0].signing_secret), (True, None))
    checks.equal("each has its id", len({webhook.id for webhook in made}), len(EVENTS))
    checks.holds("ids fit into 31 bits", all(0 < webhook.id < 2**31 for webhook in made), made)
    checks.holds("created, then updated", made[0].created and made[0].created <= made[0].updated, made[0])
    if server.project_id.isdigit():
        checks.equal("it names the project", made[0].project, int(server.project_id))
    listed = {webhook.id: webhook for webhook in client.list_webhooks()}
    checks.equal("the list gives what create gave", [listed.get(webhook.id) for webhook in made], made)
    checks.equal("the list can be cut", len(list(client.list_webhooks(limit=2))), 2)


def updated(checks, client, target, webhook):
    moved = client.update_webhook(webhook, target_url=f"{target}/moved", is_active=False, signing_secret=SECRET)
    seen = (moved.id, moved.target_url, moved.is_active, moved.signing_secret, moved.event)
    checks.equal("update", seen, (webhook.id, f"{target}/moved", False, SECRET, webhook.event))
    back = client.update_webhook(webhook.id, target_url=target, is_active=True)
    seen = (back.target_url, back.is_active, back.signing_secret)
    checks.equal("update leaves alone what it is not told", seen, (target, True, SECRET))
    checks.holds("update moves its moment", back.updated > webhook.updated and back.created == webhook.created, back)


def not_unique(checks, client, target, made):
    checks.raises("create twice", WebhookIsNotUnique, lambda: client.create_webhook(target, event=EVENTS[0]))
    inactive = client.update_webhook(made[2], is_active=False)
    checks.raises(
        "create beside an inactive one", WebhookIsNotUnique, lambda: client.create_webhook(target, event=inactive.event)
    )
    checks.raises(
        "update into another one", WebhookIsNotUnique, lambda: client.update_webhook(made[1], event=EVENTS[0])
    )


def refused(checks, client, target):
    bad = {
        "no such event": {"target_url": target, "event": "file.eaten"},
        "no address": {"event": EVENTS[0]},
        "an address that is none": {"target_url": "not an address", "event": EVENTS[0]},
        "a scheme that is not HTTP": {"target_url": "ftp://hooks.example.test/", "event": EVENTS[0]},
        "an address of 256 characters": {"target_url": f"{target}/".ljust(256, "x"), "event": EVENTS[0]},
        "a secret of 33 characters": {"target_url": f"{target}/s", "event": EVENTS[0], "signing_secret": "x" * 33},
    }
    for what, body in bad.items():
        checks.raises(what, InvalidRequestError, lambda body=body: client.webhooks_api.create(body))
    unknown = 2**31 - 1
    checks.raises("update an unknown one", InvalidRequestError, lambda: client.update_webhook(unknown, is_active=False))


def deleted(checks, client, made):
    left = {webhook.id for webhook in client.list_webhooks()}
    checks.equal("delete", [webhook.id for webhook in made if webhook.id in left], [])
    error = checks.raises("delete again", InvalidRequestError, lambda: client.delete_webhook(made[0]))
    checks.contains("delete again says so", str(error), '"detail":"Not found."')
