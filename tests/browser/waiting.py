"""Waiting in a page whose content policy forbids `eval`."""

import time


def until(page, expression, arg=None, seconds=30):
    """Until a JavaScript expression or function of `arg` is true in the page.

    Playwright's own `wait_for_function` evaluates again inside the page, which the policy refuses
    as soon as the first answer was no.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"never true: {expression}"
        page.wait_for_timeout(50)
