"""Whether a delivery is what its signatures say: one checked with nothing but hmac, the other by its own package."""

import base64
import hashlib
import hmac
import json

from standardwebhooks import Webhook, WebhookVerificationError

USER_AGENT = r"Boathook/\d+\.\d+\.\d+\S*"


def uploadcare(secret, delivery):
    """One `v1=` and the hex of the HMAC over the raw body, compared whole, as the Ruby client does."""
    expected = "v1=" + hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, delivery.headers.get("x-uc-signature", ""))


def standard(secret, delivery):
    """The key is the secret's own bytes; the package wants them in base64."""
    verifier = Webhook("whsec_" + base64.b64encode(secret.encode()).decode())
    try:
        return verifier.verify(delivery.body, delivery.headers) == json.loads(delivery.body)
    except WebhookVerificationError:
        return False


def check(checks, what, delivery, secret):
    """Everything that is true of a delivery whatever it tells; `secret` is None for a webhook without one."""
    headers = delivery.headers
    checks.equal(f"{what}: posts JSON", (delivery.method, headers.get("content-type")), ("POST", "application/json"))
    checks.matches(f"{what}: says who sends", headers.get("user-agent"), USER_AGENT)
    checks.holds(f"{what}: has a message id", headers.get("webhook-id"), headers)
    checks.holds(f"{what}: body is compact", _compact(delivery.body), delivery.body)
    if secret is None:
        checks.equal(f"{what}: is not signed", headers.get("x-uc-signature"), None)
        return
    checks.holds(f"{what}: X-Uc-Signature holds", uploadcare(secret, delivery), headers)
    checks.holds(f"{what}: webhook-signature holds", standard(secret, delivery), headers)
    checks.holds(f"{what}: neither holds for another secret", not uploadcare("other", delivery), headers)
    checks.holds(f"{what}: nor does the other", not standard("other", delivery), headers)


def _compact(body):
    """The same JSON written without a blank between its tokens, with or without escapes for what is not ASCII."""
    document = json.loads(body)
    written = (json.dumps(document, separators=(",", ":"), ensure_ascii=escaped) for escaped in (False, True))
    return body in {text.encode() for text in written}
