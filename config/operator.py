"""Who runs this site and what becomes of what is sent: a line on each page, and two pages."""

from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.web.roles import public


class Operator(NamedTuple):
    """As the settings name it; empty where they do not."""

    name: str
    contact: str
    price: str

    @property
    def is_address(self) -> bool:
        """Whether mail goes there."""
        return "@" in self.contact and not self.contact.startswith("http")


def operator() -> Operator:
    return Operator(settings.OPERATOR_NAME, settings.OPERATOR_CONTACT, settings.PRICE_TEXT)


def on_pages(request: HttpRequest) -> dict[str, object]:
    """Context processor: who runs the site, and after how many days what is sent goes."""
    return {"operator": operator(), "days": settings.RESTORATION_DAYS}


def paragraphs(path: str) -> list[str]:
    """Of the operator's own text: UTF-8, paragraphs parted by empty lines; none without a file.

    Raises OSError where a file is named and cannot be read: a site without the text that its
    operator owes to visitors must not look as if it had none to give.
    """
    text = Path(path).read_text(encoding="utf-8") if path else ""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, how long, and who sees it; the operator's own text where there is one."""
    return render(request, "privacy.html", {"own": paragraphs(settings.PRIVACY_FILE)})


@public
@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "imprint.html", {"own": paragraphs(settings.IMPRINT_FILE)})
