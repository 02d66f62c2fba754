"""The server under test, as its environment describes it, and the clients that speak to it."""

import os
import sys
from dataclasses import dataclass

import pyuploadcare
from pyuploadcare.api.auth import UploadcareAuth, UploadcareSimpleAuth

TIMEOUT_SECONDS = 10
SCHEMES = {"signed": UploadcareAuth, "simple": UploadcareSimpleAuth}


@dataclass(frozen=True)
class Server:
    base: str
    public_key: str
    secret_key: str
    project_id: str

    @staticmethod
    def from_environment():
        names = ["BOATHOOK_BASE", "BOATHOOK_PUBLIC_KEY", "BOATHOOK_SECRET_KEY", "BOATHOOK_PROJECT_ID"]
        if missing := [name for name in names if not os.environ.get(name)]:
            sys.exit(f"not set: {', '.join(missing)} (clients/run sets them)")
        base, public_key, secret_key, project_id = (os.environ[name] for name in names)
        return Server(base.rstrip("/"), public_key, secret_key, project_id)

    def uploadcare(self, scheme="signed", **changes):
        """The official client, in either of its two ways to authenticate."""
        options = {
            "public_key": self.public_key,
            "secret_key": self.secret_key,
            "api_base": f"{self.base}/",
            "upload_base": f"{self.base}/",
            "cdn_base": f"{self.base}/",
            "auth_class": SCHEMES[scheme],
            "timeout": TIMEOUT_SECONDS,
        }
        return pyuploadcare.Uploadcare(**{**options, **changes})
