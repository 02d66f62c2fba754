"""The uc v1 API by plain HTTP: paths of one project, with the secret key, another token, or none."""

import requests

from server import TIMEOUT_SECONDS

KEY = object()


class Uc:
    """Calls with the project's secret key unless told otherwise; redirects are not followed."""

    def __init__(self, server, extension=".json"):
        self.server = server
        self.extension = extension
        self.project = f"{server.base}/api/v1/projects/{server.public_key}"
        self._session = requests.Session()

    def call(self, method, path, token=KEY, **options):
        return self.fetch(method, f"{self.project}/{path}{self.extension}", token, **options)

    def fetch(self, method, url, token=None, **options):
        headers = dict(options.pop("headers", {}))
        if token := self.server.secret_key if token is KEY else token:
            headers["Authorization"] = f"Bearer {token}"
        options = {"timeout": TIMEOUT_SECONDS, "allow_redirects": False, **options}
        return self._session.request(method, url, headers=headers, **options)

    def data(self, method, path, token=KEY, **options):
        """The `data` of an answer that must be 200."""
        answer = self.call(method, path, token, **options)
        if answer.status_code != 200:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()["data"]

    def upload(self, name="a.txt", content=b"a", kind="text/plain", token=KEY, **fields):
        """A direct upload; `fields` are form fields of `file`."""
        form = {f"file[{field.replace('.', '][')}]": value for field, value in fields.items()}
        return self.data("POST", "files", token, files={"file[content]": (name, content, kind)}, data=form)
