"""A file's metadata, key by key."""

import samples
from pyuploadcare.exceptions import InvalidRequestError

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def play(checks, server, scheme):
    client = server.uploadcare(scheme)
    api = client.metadata_api
    uuid = client.upload(samples.named("m.txt", "m"), store=True, size=1, metadata={"first": "1"}).uuid

    checks.equal("all, from the upload", api.get_all_metadata(uuid), {"first": "1"})
    checks.equal("a new key", api.update_or_create_key(uuid, "sub.key:a-b_C9", "snow ☃ «»"), "snow ☃ «»")
    checks.equal("an existing key", api.update_or_create_key(uuid, "first", "2"), "2")
    checks.equal("one key", api.get_key(uuid, "sub.key:a-b_C9"), "snow ☃ «»")
    checks.equal("all", api.get_all_metadata(uuid), {"first": "2", "sub.key:a-b_C9": "snow ☃ «»"})
    checks.equal("in the file", client.file(uuid).info["metadata"], {"first": "2", "sub.key:a-b_C9": "snow ☃ «»"})
    checks.equal("512 characters", api.update_or_create_key(uuid, "long", "ж" * 512), "ж" * 512)

    api.delete_key(uuid, "long")
    api.delete_key(uuid, "sub.key:a-b_C9")
    checks.equal("after deletion", api.get_all_metadata(uuid), {"first": "2"})
    gone = [
        ("a deleted key", lambda: api.get_key(uuid, "long")),
        ("deleting it again", lambda: api.delete_key(uuid, "long")),
        ("a key of an unknown file", lambda: api.get_key(UNKNOWN, "first")),
        ("all of an unknown file", lambda: api.get_all_metadata(UNKNOWN)),
        ("setting for an unknown file", lambda: api.update_or_create_key(UNKNOWN, "a", "b")),
    ]
    for what, act in gone:
        error = checks.raises(what, InvalidRequestError, act)
        checks.contains(f"{what} says so", str(error), '"detail":"Not found."')
    checks.raises("an empty value", InvalidRequestError, lambda: api.update_or_create_key(uuid, "empty", ""))
