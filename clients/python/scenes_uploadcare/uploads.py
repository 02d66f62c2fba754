"""Uploading: one file, several, unicode names, metadata, the three ways to say whether to store."""

import samples
from pyuploadcare.exceptions import AuthenticationError, InvalidRequestError

UNICODE_NAME = "улитка 猫 é.txt"


def play(checks, server, scheme):
    client = server.uploadcare(scheme)
    a_picture(checks, client, server)
    a_text(checks, client)
    several(checks, client)
    by_the_projects_setting(checks, client)
    refused(checks, server, scheme)


def a_picture(checks, client, server):
    content = samples.png(4, 3)
    tags = {"album": "sea", "caption": "волны & «foam»"}
    file = client.upload(samples.named("old pier.png", content), store=True, size=len(content), metadata=tags)
    info = file.update_info(include_appdata=True)

    checks.equal("picture keeps its name", info["original_filename"], "old pier.png")
    checks.equal("picture keeps its size", info["size"], len(content))
    checks.equal("picture keeps its declared type", info["mime_type"], "image/png")
    checks.equal("picture keeps its metadata", info["metadata"], tags)
    checks.equal("picture is an image", (info["is_image"], info["is_ready"]), (True, True))
    checks.holds("picture is stored", info["datetime_stored"] and not info["datetime_removed"], info)
    checks.equal("picture has appdata when asked", isinstance(info["appdata"], dict), True)
    checks.equal("picture's tags", info["tags"], [])
    checks.equal("picture's REST url", info["url"], f"{server.base}/files/{file.uuid}/")
    checks.contains("picture's CDN url", info["original_file_url"] or "", file.uuid, ".png")
    _probed(checks, info["content_info"])


def _probed(checks, content_info):
    mime, image = content_info["mime"], content_info["image"]
    checks.equal("picture's type is sniffed", mime, {"mime": "image/png", "type": "image", "subtype": "png"})
    seen = (image["format"], image["width"], image["height"], image["color_mode"].value, image["sequence"])
    checks.equal("picture is probed", seen, ("PNG", 4, 3, "RGB", False))


def a_text(checks, client):
    content = "just text\n"
    file = client.upload(samples.named(UNICODE_NAME, content), store=False, size=len(content))

    checks.equal("unicode name", file.info["original_filename"], UNICODE_NAME)
    checks.equal("text's declared type", file.info["mime_type"], "text/plain")
    checks.equal("text is no image", (file.info["is_image"], file.info["content_info"]["image"]), (False, None))
    checks.equal("text is not stored", file.info["datetime_stored"], None)
    checks.equal("text has no metadata", file.info["metadata"], {})


def several(checks, client):
    names = ["one.txt", "два.txt", "three (3).txt"]
    files = client.upload_files(
        [samples.named(name, f"content of {name}") for name in names], store=True, common_metadata={"batch": "b-1"}
    )
    infos = [file.update_info() for file in files]

    checks.equal("several files have several ids", len({file.uuid for file in files}), len(names))
    checks.equal("each answer belongs to its name", [info["original_filename"] for info in infos], names)
    checks.equal("each has its own size", [i["size"] for i in infos], [len(f"content of {n}".encode()) for n in names])
    checks.equal("all share the metadata", [info["metadata"] for info in infos], [{"batch": "b-1"}] * len(names))


def by_the_projects_setting(checks, client):
    project = client.get_project_info()
    file = client.upload(samples.named("auto.txt", "auto"), size=4)
    stored = file.info["datetime_stored"] is not None
    checks.equal("store=auto follows the project", stored, project.autostore_enabled)


def refused(checks, server, scheme):
    stranger = server.uploadcare(scheme, public_key="0" * 20)
    error = checks.raises(
        "upload with an unknown key",
        AuthenticationError,
        lambda: stranger.upload(samples.named("x.txt", "x"), size=1),
    )
    checks.equal("upload with an unknown key says so", str(error), "UPLOADCARE_PUB_KEY is invalid.")
    client = server.uploadcare(scheme)
    too_many = {f"key{n}": "v" for n in range(51)}
    error = checks.raises(
        "51 metadata keys",
        InvalidRequestError,
        lambda: client.upload(samples.named("x.txt", "x"), size=1, metadata=too_many),
    )
    checks.equal("51 metadata keys say so", str(error), "A file can not have more than 50 metadata keys.")
