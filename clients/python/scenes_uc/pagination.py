"""37-41: pages of the file list, oldest first."""

import math

DEFAULT_ITEMS = 20


def play(checks, wire):
    before = _pagination(wire)
    if before["count"] == 0:
        checks.equal("37 an empty project", before, {"count": 0, "page": 1, "items": DEFAULT_ITEMS, "pages": 1})
    else:
        print(f"37 passed over: the project has {before['count']} files already")
    made = [wire.upload(f"page-{n}.txt")["id"] for n in range(DEFAULT_ITEMS + 1)]
    count = before["count"] + len(made)

    pages = math.ceil(count / DEFAULT_ITEMS)
    listed = [file["id"] for page in range(1, pages + 1) for file in wire.data("GET", "files", params={"page": page})]
    checks.equal("39 all pages", len(listed), count)
    checks.equal("40 oldest first", listed[-len(made) :], made)
    expected = {"count": count, "page": pages, "items": DEFAULT_ITEMS, "pages": pages}
    checks.equal("39 the last page keeps items", _pagination(wire, page=pages), expected)

    second = wire.data("GET", "files", params={"items": 2, "page": 2})
    checks.equal("38 items and page", [file["id"] for file in second], listed[2:4])
    expected = {"count": count, "page": 2, "items": 2, "pages": math.ceil(count / 2)}
    checks.equal("38 pagination", _pagination(wire, items=2, page=2), expected)
    checks.equal("C5 items above the limit", _pagination(wire, items=1000)["items"], 100)
    for page in ["0", "-1", "x"]:
        answer = wire.call("GET", "files", params={"page": page})
        seen = (answer.status_code, isinstance(answer.json().get("errors"), list))
        checks.equal(f"41 page {page}", seen, (400, True))
    checks.equal("2.4 an empty page is the first", _pagination(wire, page="")["page"], 1)
    answer = wire.call("GET", "files", params={"page": 999}).json()
    expected = {"count": count, "page": 999, "items": DEFAULT_ITEMS, "pages": pages}
    checks.equal("41 beyond the end", (answer["data"], answer["pagination"]), ([], expected))


def _pagination(wire, **params):
    return wire.call("GET", "files", params=params).json()["pagination"]
