"""What the Uploadcare webhooks were told: one event each, payload 0.7, the signature over the raw body."""

import json

import signatures
from scenes_webhooks.subscriptions import INACTIVE, SECRET, UNSIGNED

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
HOOK_KEYS = "id project_id project_pub_key target event is_active version created_at updated_at".split()
DATA_KEYS = (
    "uuid is_image is_ready metadata appdata content_info mime_type original_filename original_file_url size url "
    "datetime_removed datetime_stored datetime_uploaded variations"
).split()


def play(checks, receiver, subscriptions, told):
    files = {told.wandering: "wandering", told.quiet: "quiet", told.foreign: "foreign"}
    expected = {
        "file.uploaded": ["wandering", "quiet", "foreign"],
        "file.stored": ["wandering"],
        "file.info_updated": ["wandering", "wandering", "foreign"],
        "file.deleted": ["wandering", "foreign"],
    }
    said = {}
    for event, names in expected.items():
        deliveries = receiver.wait(f"/{event}", len(names))
        said[event] = [json.loads(delivery.body) for delivery in deliveries]
        told_of = [files.get(body["data"]["uuid"], "a stranger") for body in said[event]]
        checks.equal(f"{event} came for", sorted(told_of), sorted(names))
        for delivery, body, name in zip(deliveries, said[event], told_of):
            what = f"{event} of {name}"
            signatures.check(checks, what, delivery, SECRET)
            _shape(checks, what, body, subscriptions.uploadcare[f"/{event}"])
    _states(checks, said, told)
    _updates(checks, said["file.info_updated"], told)
    _unsigned(checks, receiver, told)


def _shape(checks, what, body, webhook):
    keys = ["initiator", "hook", "data", "file"] + ["previous_values"] * (webhook.event == "file.info_updated")
    checks.equal(f"{what}: has its keys", sorted(body), sorted(keys))
    hook, data, initiator = body["hook"], body["data"], body["initiator"]
    expected = [webhook.id, webhook.project, webhook.target_url, webhook.event, True, "0.7"]
    seen = [hook.get(key) for key in "id project_id target event is_active version".split()]
    checks.equal(f"{what}: names the webhook", seen, expected)
    checks.equal(f"{what}: hook has its keys and no secret", sorted(hook.keys() - {"project"}), sorted(HOOK_KEYS))
    checks.matches(f"{what}: hook's moments", f"{hook['created_at']} {hook['updated_at']}", f"{MOMENT} {MOMENT}")
    checks.equal(f"{what}: data has its keys", [key for key in DATA_KEYS if key not in data], [])
    checks.equal(f"{what}: came by API", (initiator["type"], initiator["detail"]["addon_name"]), ("api", None))
    checks.matches(f"{what}: by a request", initiator["detail"]["request_id"], UUID)
    checks.contains(f"{what}: file is a URL of it", body["file"] or "", "://", data["uuid"])


def _states(checks, said, told):
    by_file = {event: {body["data"]["uuid"]: body for body in bodies} for event, bodies in said.items()}
    uploaded, quiet = by_file["file.uploaded"][told.wandering], by_file["file.uploaded"][told.quiet]
    checks.equal("uploaded: not stored yet", uploaded["data"]["datetime_stored"], None)
    checks.equal("uploaded: with its metadata", uploaded["data"]["metadata"], {"step": "0"})
    checks.equal("uploaded: with its unicode name", uploaded["data"]["original_filename"], "wandering ☃.png")
    checks.equal("uploaded: file is the original's URL", uploaded["file"], uploaded["data"]["original_file_url"])
    checks.equal("uploaded: data is what REST answers", quiet["data"], told.quiet_in_rest)

    stored = by_file["file.stored"][told.wandering]
    checks.matches("stored: says when", stored["data"]["datetime_stored"], MOMENT)
    checks.equal("stored: by that request", stored["initiator"]["detail"]["request_id"], told.stored_by_request)
    deleted = by_file["file.deleted"][told.wandering]["data"]
    checks.matches("deleted: says when", deleted["datetime_removed"], MOMENT)
    checks.equal("deleted: no longer served", deleted["original_file_url"], None)


def _updates(checks, bodies, told):
    """The two changes of one file's metadata, in the order in which they were made."""
    wandering = [body for body in bodies if body["data"]["uuid"] == told.wandering]
    changes = [(body["previous_values"], body["data"]["metadata"]) for body in wandering]
    first, second = {"step": "0"}, {"step": "1 <&> «ünï»"}
    checks.equal("info_updated: in order", changes, [({"metadata": first}, second), ({"metadata": second}, {})])
    foreign = next(body for body in bodies if body["data"]["uuid"] == told.foreign)
    seen = (foreign["previous_values"], foreign["data"]["metadata"])
    checks.equal("info_updated: through uc", seen, ({"metadata": {"color": "red"}}, {"color": "blue"}))


def _unsigned(checks, receiver, told):
    for delivery in receiver.wait(UNSIGNED, 3):
        signatures.check(checks, "without a secret", delivery, None)
    checks.equal("without a secret: as many", len(receiver.at(UNSIGNED)), 3)
    checks.equal("inactive: nothing", receiver.at(INACTIVE), [])
