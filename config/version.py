"""The release: the one place that says so. CHANGELOG.md begins with the same number."""

from django.http import HttpRequest

VERSION = "0.1.0"


def on_pages(request: HttpRequest) -> dict[str, str]:
    """Context processor: the foot of every page names the release."""
    return {"release": VERSION}
