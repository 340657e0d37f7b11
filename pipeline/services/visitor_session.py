"""Which restorations a browser has sent, so that its upload page shows them again."""

from django.http import HttpRequest

from pipeline.models import Restoration

MAX_RESTORATIONS_PER_SESSION = 50


def remember(request: HttpRequest, *made: Restoration) -> None:
    tokens = [*(restoration.token for restoration in made), *remembered(request)]
    request.session["restorations"] = tokens[:MAX_RESTORATIONS_PER_SESSION]


def remembered(request: HttpRequest) -> list[str]:
    """Tokens, the latest first."""
    return list(request.session.get("restorations", []))
