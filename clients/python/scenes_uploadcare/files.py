"""Files after their upload: listing with pages, order and filters; store, delete, and both in batches."""

import samples
from pyuploadcare.exceptions import InvalidRequestError

COUNT = 5
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def play(checks, server, scheme):
    client = server.uploadcare(scheme)
    files = [client.upload(samples.named(f"{n}.txt", f"no {n}"), store=n % 2 == 0, size=4) for n in range(COUNT)]
    uuids = [file.uuid for file in files]
    listed(checks, client, files, uuids)
    stored_and_removed(checks, client, files[1])
    batches(checks, client, files[2:])
    limits(checks, client)


def listed(checks, client, files, uuids):
    newest = client.list_files(ordering="-datetime_uploaded", limit=COUNT)
    checks.equal("newest first", [file.uuid for file in newest], uuids[::-1])
    paged = client.list_files(ordering="-datetime_uploaded", limit=COUNT, request_limit=2)
    checks.equal("newest first, two a page", [file.uuid for file in paged], uuids[::-1])
    since = client.list_files(starting_point=files[0].info["datetime_uploaded"], request_limit=2)
    checks.equal("oldest first, after a moment, two a page", [file.uuid for file in since], uuids[1:])
    everything = [file.uuid for file in client.list_files(request_limit=3)]
    checks.equal("all pages give each file once", len(everything), len(set(everything)))
    checks.equal("the last of them are ours", everything[-COUNT:], uuids)
    checks.holds("count", client.list_files().count() >= COUNT)

    kept, temporary = _uuids(client, stored=True), _uuids(client, stored=False)
    checks.equal("stored=true", [uuid in kept for uuid in uuids], [True, False, True, False, True])
    checks.equal("stored=false", [uuid in temporary for uuid in uuids], [False, True, False, True, False])


def stored_and_removed(checks, client, file):
    file.store()
    stored_at = file.info["datetime_stored"]
    checks.holds("store says when", stored_at)
    file.store()
    checks.equal("storing again keeps the moment", file.info["datetime_stored"], stored_at)

    file.delete()
    state = (file.info["datetime_stored"], file.info["original_file_url"])
    checks.holds("delete says when", file.info["datetime_removed"])
    checks.equal("a deleted file is neither stored nor served", state, (None, None))
    checks.holds("a deleted file can still be asked for", file.update_info()["datetime_removed"])
    checks.holds("removed=true lists it", file.uuid in _uuids(client, removed=True))
    checks.holds("the plain list does not", file.uuid not in _uuids(client))
    checks.holds("removed=false does not", file.uuid not in _uuids(client, removed=False))
    checks.holds("delete is repeatable", client.files_api.delete(file.uuid).datetime_removed)
    file.store()
    checks.equal("storing a deleted file brings it back", file.update_info()["datetime_removed"], None)


def batches(checks, client, files):
    uuids = [file.uuid for file in files]
    asked = [uuids[1], UNKNOWN, uuids[0], "nope", uuids[1]]
    problems = {UNKNOWN: "Missing in the project", "nope": "Invalid"}

    answer = client.files_api.batch_store(asked)
    checks.equal("batch store", (answer.status, answer.problems), ("ok", problems))
    checks.equal("batch store answers by upload time", [str(file.uuid) for file in answer.result], uuids[:2])
    checks.holds("batch store stores", all(file.datetime_stored for file in answer.result))

    answer = client.files_api.batch_delete(asked)
    checks.equal("batch delete", (answer.status, answer.problems), ("ok", problems))
    checks.equal("batch delete answers by upload time", [str(file.uuid) for file in answer.result], uuids[:2])
    moments = {file.datetime_removed for file in answer.result}
    checks.holds("batch delete has one moment", len(moments) == 1 and None not in moments, moments)

    answer = client.files_api.batch_store(["nope"])
    checks.equal("a batch of nothing good is still an answer", (answer.status, answer.result), ("ok", []))
    client.store_files(files)
    checks.holds("store_files", all(file.update_info()["datetime_stored"] for file in files))
    client.delete_files(uuids)
    checks.holds("delete_files", all(file.update_info()["datetime_removed"] for file in files))


def limits(checks, client):
    error = checks.raises("a batch of none", InvalidRequestError, lambda: client.files_api.batch_store([]))
    checks.contains("a batch of none says so", str(error), "List of UUIDs can not be empty")
    error = checks.raises("a batch of 101", InvalidRequestError, lambda: client.files_api.batch_store([UNKNOWN] * 101))
    checks.contains("a batch of 101 says so", str(error), "Maximum UUIDs per request is exceeded. The limit is 100")


def _uuids(client, **filters):
    return {file.uuid for file in client.list_files(request_limit=100, **filters)}
