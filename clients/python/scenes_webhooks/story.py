"""What happens: three files are uploaded, changed, deleted, with steps between that change nothing: those stay unsaid.

`wandering` is uploaded temporary, stored, stored again, its metadata set, set to the same, unset; it is deleted twice.
`quiet` is uploaded stored and left alone. `foreign` lives the same kind of life through the uc v1 API.
"""

from dataclasses import dataclass

import samples
from uc import Uc


@dataclass(frozen=True)
class Told:
    """The uuids of the story's files, what REST says of the quiet one, and the id of the request that stored."""

    wandering: str
    quiet: str
    foreign: str
    quiet_in_rest: dict
    stored_by_request: str


def play(server):
    client, wire = server.uploadcare(), Uc(server)
    content = samples.png(5, 4)
    wandering = _upload(client, "wandering ☃.png", content, store=False, metadata={"step": "0"})
    quiet = _upload(client, "quiet.png", content, store=True)

    stored = client.rest_client.put(f"/files/{wandering}/storage/")
    client.files_api.store(wandering)
    for _ in range(2):
        client.metadata_api.update_or_create_key(wandering, "step", "1 <&> «ünï»")
    client.metadata_api.delete_key(wandering, "step")
    for _ in range(2):
        client.files_api.delete(wandering)

    return Told(
        wandering=wandering,
        quiet=quiet,
        foreign=_foreign(wire),
        quiet_in_rest=client.rest_client.get(f"/files/{quiet}/?include=appdata").json(),
        stored_by_request=stored.headers["x-uploadcare-request-id"],
    )


def _upload(client, name, content, **options):
    return client.upload(samples.named(name, content), size=len(content), **options).uuid


def _foreign(wire):
    file = wire.upload("foreign.txt", b"foreign", **{"metadata.color": "red"})
    path = f"files/{file['id']}"
    for _ in range(2):
        wire.data("PUT", path, json={"file": {"metadata": {"color": "blue"}}})
    for _ in range(2):
        wire.data("DELETE", path)
    return file["attributes"]["uuid"]
