"""Who may not, and what is not there: wrong keys, unknown files; and the project as its owner sees it."""

from pyuploadcare.exceptions import AuthenticationError, InvalidRequestError

UNKNOWN = "00000000-0000-4000-8000-000000000000"
WRONG_SECRET = {
    "signed": "Invalid signature. Please check your Secret key.",
    "simple": "Incorrect authentication credentials.",
}


def play(checks, server, scheme):
    client = server.uploadcare(scheme)
    project = client.get_project_info()
    checks.equal("the project is ours", project.pub_key, server.public_key)
    checks.holds("it has a name and collaborators", project.name and project.collaborators is not None, project)

    error = checks.raises("an unknown file", InvalidRequestError, lambda: client.file(UNKNOWN).info)
    checks.equal("an unknown file says so", str(error), '{"detail":"Not found."}')
    for what, act in [("store", client.files_api.store), ("delete", client.files_api.delete)]:
        error = checks.raises(f"{what} an unknown file", InvalidRequestError, lambda act=act: act(UNKNOWN))
        checks.equal(f"{what} an unknown file says so", str(error), '{"detail":"Not found."}')

    wrong = server.uploadcare(scheme, secret_key="0" * 20)
    calls = {"the list": lambda: list(wrong.list_files()), "webhooks": lambda: list(wrong.list_webhooks())}
    for what, act in calls.items():
        error = checks.raises(f"{what} with a wrong secret", AuthenticationError, act)
        checks.equal(f"{what} with a wrong secret says so", str(error), f'{{"detail":"{WRONG_SECRET[scheme]}"}}')

    stranger = server.uploadcare(scheme, public_key="f" * 20)
    error = checks.raises("an unknown public key", AuthenticationError, stranger.get_project_info)
    checks.equal("an unknown public key says so", str(error), f'{{"detail":"Public key {"f" * 20} not found."}}')
