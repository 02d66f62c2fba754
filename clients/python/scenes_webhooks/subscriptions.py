"""The webhooks of the story: on each wire what it takes to hear of everything, and some odd ones."""

from uc import Uc

SECRET = "deliver-me-whole"
UPLOADCARE_EVENTS = ["file.uploaded", "file.stored", "file.deleted", "file.info_updated"]
UC_EVENTS = ["file.created", "file.updated", "file.deleted"]
UNSIGNED, INACTIVE, FLAKY, NEVER = "/unsigned", "/inactive", "/flaky", "/never"
UC_ALL, UC_DELETED, UC_INACTIVE = "/uc/all", "/uc/deleted", "/uc/inactive"


class Subscriptions:
    """`uploadcare` maps a receiver's path to the webhook pyuploadcare got; `uc` maps one to the resource."""

    def __init__(self, server, receiver):
        self.client = server.uploadcare()
        self.wire = Uc(server)
        self.receiver = receiver
        self.uploadcare = {}
        self.uc = {}

    def make(self):
        self.receiver.refuse_once(FLAKY, 302, Location=f"{self.receiver.url}{NEVER}")
        for event in UPLOADCARE_EVENTS:
            self._subscribe(f"/{event}", event, signing_secret=SECRET)
        self._subscribe(UNSIGNED, "file.uploaded")
        self._subscribe(INACTIVE, "file.uploaded", is_active=False)
        self._subscribe(FLAKY, "file.uploaded", signing_secret=SECRET)
        self._create(UC_ALL, UC_EVENTS)
        self._create(UC_DELETED, ["file.deleted"])
        self._create(UC_INACTIVE, UC_EVENTS, is_active=False)

    def remove(self):
        for webhook in self.uploadcare.values():
            self.client.delete_webhook(webhook)
        for webhook in self.uc.values():
            self.wire.call("DELETE", f"webhooks/{webhook['id']}")

    def _subscribe(self, path, event, **options):
        self.uploadcare[path] = self.client.create_webhook(f"{self.receiver.url}{path}", event=event, **options)

    def _create(self, path, events, **options):
        fields = {"target_url": f"{self.receiver.url}{path}", "events": events, **options}
        self.uc[path] = self.wire.data("POST", "webhooks", json={"webhook": fields})
