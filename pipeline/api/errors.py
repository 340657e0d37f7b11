"""Errors of the API: each with its own status, a code for programs, a sentence for people."""

from rest_framework import exceptions

from pipeline.imageio.upload_checks import BadUpload

CODES = {413: "too_large", 415: "no_photograph", 422: "wrong_digest"}


class Problem(exceptions.APIException):
    """An answer with its own status and sentence."""

    def __init__(self, sentence: str, status_code: int, code: str) -> None:
        super().__init__({"code": code, "detail": sentence})
        self.status_code = status_code
        self.wait: int | None = None  # seconds, told as Retry-After


def of_upload(reason: BadUpload, field: str) -> exceptions.APIException:
    """The answer to a file that cannot be taken; an empty one is a wrong field."""
    if reason.status == 400:
        return exceptions.ValidationError({field: [str(reason)]})
    code = "no_graph" if (reason.status, field) == (415, "graph") else CODES[reason.status]
    return Problem(str(reason), reason.status, code)
