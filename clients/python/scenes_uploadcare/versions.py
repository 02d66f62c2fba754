"""One file through the eyes of the three REST versions that are still spoken, and of one that never was."""

import samples
from pyuploadcare.exceptions import APIError

NEW = {"content_info", "metadata", "tags"}
OLD = {"image_info"}


def play(checks, server, scheme):
    content = samples.png()
    uuid = server.uploadcare(scheme).upload(samples.named("v.png", content), store=True, size=len(content)).uuid
    body, answered = _file(server, scheme, "0.7", uuid)
    checks.equal("0.7 answers in its own type", answered, "application/vnd.uploadcare-v0.7+json")
    checks.equal("0.7 has what is new and not what is old", (NEW - body.keys(), OLD & body.keys()), (set(), set()))

    for version in ["0.6", "0.5"]:
        body, answered = _file(server, scheme, version, uuid)
        checks.equal(f"{version} answers in its own type", answered, f"application/vnd.uploadcare-v{version}+json")
        differences = (OLD - body.keys(), NEW & body.keys())
        checks.equal(f"{version} has what is old and not what is new", differences, (set(), set()))
        checks.equal(f"{version} knows the picture", body["image_info"]["format"], "PNG")

    error = checks.raises("an unknown version", APIError, lambda: _file(server, scheme, "9.9", uuid))
    checks.contains("an unknown version says so", str(error), "Incorrect Accept header provided.")


def _file(server, scheme, version, uuid):
    answer = server.uploadcare(scheme, api_version=version).rest_client.get(f"/files/{uuid}/")
    return answer.json(), answer.headers["content-type"]
