"""1-6, 8, 9: what each token opens, and what none opens."""

UNAUTHORIZED = {"errors": ["Unauthorized"]}


def play(checks, wire):
    for number, what, token in [(1, "without a token", None), (2, "with a wrong key", "0" * 20)]:
        answer = wire.call("GET", "files", token)
        checks.equal(f"{number} index {what}", (answer.status_code, answer.json()), (401, UNAUTHORIZED))
    answer = wire.call("GET", "files").json()
    checks.equal("3 index with the key", [type(answer[key]) for key in ("data", "pagination")], [list, dict])

    mine, other = wire.upload("mine.txt"), wire.upload("other.txt")
    token = mine["authentication"]["access_token"]
    checks.equal("4 index with a file's token", wire.call("GET", "files", token).status_code, 401)
    checks.equal("5 another file with it", wire.call("GET", f"files/{other['id']}", token).status_code, 401)
    checks.equal("6 its own file with it", wire.data("GET", f"files/{mine['id']}", token)["id"], mine["id"])
    checks.equal("8 webhooks without a token", _webhook(wire, None), 401)
    checks.equal("8 webhooks with a file's token", _webhook(wire, token), 401)

    anonymous = wire.upload("anonymous.txt", token=None)
    token = anonymous["authentication"]["access_token"]
    checks.matches("9 an upload without a token answers one", token, r"fat-[A-Za-z0-9]{22}")
    checks.equal("9 which opens it", wire.data("GET", f"files/{anonymous['id']}", token)["id"], anonymous["id"])
    checks.equal("C16 an upload with a wrong token", _upload_status(wire, "0" * 20), 401)
    stranger = wire.project.replace(wire.server.public_key, "f" * 20)
    status = wire.fetch("GET", f"{stranger}/files.json", wire.server.secret_key).status_code
    checks.holds("C16 a project that is not there", status in (401, 404), status)


def _webhook(wire, token):
    body = {"webhook": {"target_url": "https://hooks.example.test/", "events": ["file.created"]}}
    return wire.call("POST", "webhooks", token, json=body).status_code


def _upload_status(wire, token):
    return wire.call("POST", "files", token, files={"file[content]": ("a.txt", b"a")}).status_code
