"""The uc v1 wire by plain HTTP, assertion by assertion; the number in each line is that of the wire's reference.

The project should be fresh: that an empty project lists nothing (37) can be seen only once, and is passed over later.
"""

from checks import Checks
from scenes_uc import authentication, events, files, malformed, metadata, originals, pagination, updates, webhooks
from server import Server
from uc import Uc

SCENES = {
    "pagination": pagination.play,
    "authentication": authentication.play,
    "files": files.play,
    "metadata": metadata.play,
    "updates": updates.play,
    "webhooks": webhooks.play,
    "events": events.play,
    "originals": originals.play,
    "malformed": malformed.play,
}


def main():
    wire, checks = Uc(Server.from_environment()), Checks()
    for name, play in SCENES.items():
        with checks.scene(name):
            play(checks, wire)
    checks.finish()


if __name__ == "__main__":
    main()
