"""What signing in costs the others: a password is proved by work, and that work must not hold up the pages."""

from concurrent.futures import ThreadPoolExecutor

import orjson

from tests.load.client import request

AT_ONCE = 20
PASSWORD = "a password for the bench"


def ratios(stack, token, options, measure):
    """Returns how a list page does while twenty sign in at once, beside alone: (what, reached, wanted)."""
    attempts = [_attempt(stack, token, number) for number in range(AT_ONCE)]
    page = [request("GET", "/v1/contacts?pageSize=50", {"Authorization": f"Bearer {token}"})]
    alone = measure(stack.port, page, 4, options.seconds)
    with ThreadPoolExecutor(1) as others:
        signing_in = others.submit(measure, stack.port, attempts, AT_ONCE, options.seconds + 2, patient=True)
        beside = measure(stack.port, page, 4, options.seconds)
        signed_in = signing_in.result()
    return [
        (
            f"list p95 beside {AT_ONCE} who sign in ({signed_in['rps']:.0f}/s) / alone",
            f"{beside['p95'] / alone['p95']:.2f} ({beside['p95']:.0f} of {alone['p95']:.0f} ms)",
            "≤ 2",
        )
    ]


def _attempt(stack, token, number):
    """Adds a user; returns the request that signs him in."""
    email = f"signs-in{number}@example.com"
    user = {"email": email, "displayName": email, "role": "USER", "password": PASSWORD}
    stack.call("POST", "/v1/users", user, token)
    return request("POST", "/v1/sessions", {}, orjson.dumps({"email": email, "password": PASSWORD}))
