"""Webhooks made through both wires: every change reaches every webhook that asked, signed, in order, in its own words.

Runs its own receiver on loopback, which the server must be allowed to reach (BOATHOOK_EGRESS_ALLOW=127.0.0.1).
"""

from checks import Checks
from receiver import Receiver
from scenes_webhooks import attempts, said_in_uc, said_in_uploadcare, story
from scenes_webhooks.subscriptions import Subscriptions
from server import Server

SCENES = {
    "uploadcare": said_in_uploadcare.play,
    "uc": said_in_uc.play,
    "attempts": attempts.play,
}


def main():
    server, checks, receiver = Server.from_environment(), Checks(), Receiver()
    subscriptions = Subscriptions(server, receiver)
    try:
        told = None
        with checks.scene("story"):
            subscriptions.make()
            told = story.play(server)
        for name, play in SCENES.items() if told else ():
            with checks.scene(name):
                play(checks, receiver, subscriptions, told)
    finally:
        subscriptions.remove()
    checks.finish()


if __name__ == "__main__":
    main()
