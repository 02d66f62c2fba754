"""pyuploadcare against the Upload and REST APIs, in both of its authentication schemes.

Expects BOATHOOK_BASE, BOATHOOK_PUBLIC_KEY, BOATHOOK_SECRET_KEY and BOATHOOK_PROJECT_ID; nobody else may use the project
meanwhile, since the newest files are taken to be ours.
"""

from checks import Checks
from scenes_uploadcare import files, metadata, refusals, uploads, versions, webhooks
from server import SCHEMES, Server

SCENES = {
    "uploads": uploads.play,
    "files": files.play,
    "metadata": metadata.play,
    "webhooks": webhooks.play,
    "refusals": refusals.play,
    "versions": versions.play,
}


def main():
    server, checks = Server.from_environment(), Checks()
    for scheme in SCHEMES:
        for name, play in SCENES.items():
            with checks.scene(f"{scheme} {name}"):
                play(checks, server, scheme)
    checks.finish()


if __name__ == "__main__":
    main()
