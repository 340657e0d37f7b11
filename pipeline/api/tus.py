"""Resumable uploads: tus 1.0 with creation, checksum, expiration and termination."""

import base64
import binascii
import hashlib
import re
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from config.web.permissions import HasRole
from config.web.roles import PUBLIC, may
from config.web.schema.openapi import PROBLEM, TOKEN
from pipeline.api.errors import Problem, of_upload
from pipeline.api.idempotency import KEY, Answer, once
from pipeline.api.inputs import ChoicesSerializer
from pipeline.api.serializers import UploadStateSerializer
from pipeline.imageio.upload_checks import BadUpload
from pipeline.models import Upload
from pipeline.services.uploads import further_pages, tus_uploads, unfinished_uploads
from pipeline.services.uploads.throttles import UploadThrottle
from pipeline.services.visitor_session import remember

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
ALGORITHMS = ("sha1", "sha256")
OCTETS = "application/offset+octet-stream"
MAX_METADATA_CHARACTERS = 4096
BYTES = "^[0-9]{1,15}$"
OVERRIDDEN = {"PATCH", "DELETE", "HEAD"}


def _header(name: str, **choices: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, **choices)


TUS = _header("Tus-Resumable", required=True, enum=[VERSION])


class TusView(APIView):
    """What every address of the protocol has in common."""

    permission_classes = [HasRole]
    roles = (PUBLIC,)
    parser_classes = []
    act_needed = "write"  # also asking how far an upload is: who sends need not read results

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Clients behind old proxies send POST and say what they mean."""
        meant = request.headers.get("X-HTTP-Method-Override", "").upper()
        if request.method == "POST" and meant in OVERRIDDEN:
            request.method = meant
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        if request.headers.get("Tus-Resumable") != VERSION:
            raise Problem(f"This server speaks tus {VERSION}.", 412, "version")
        if not settings.PUBLIC_UPLOADS and not request.user.is_authenticated:
            raise exceptions.NotAuthenticated

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = VERSION
        answer["Cache-Control"] = "no-store"
        if answer.status_code == 412 or request.method == "OPTIONS":
            answer["Tus-Version"] = VERSION
        return answer

    @extend_schema(exclude=True)
    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What this server can do; asked before anything else, so it needs no version."""
        return Response(
            status=204,
            headers={
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(settings.SCAN_MAX_BYTES),
                "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
            },
        )


class Uploads(TusView):
    """Begin an upload in pieces."""

    def get_throttles(self) -> list[Any]:
        throttles: list[Any] = super().get_throttles()
        return [*throttles, UploadThrottle()] if self.request.method == "POST" else throttles

    @extend_schema(
        operation_id="uploads_create",
        parameters=[
            TUS,
            KEY,
            _header(
                "Upload-Length", required=True, pattern=BYTES, description="Of the whole file."
            ),
            _header(
                "Upload-Metadata",
                description="Pairs of a name and a Base64 value: filename, strength, careful, "
                "colourise, grain, tones, keep_sepia, salvage, rotate, crop, frame, negative, "
                "training_allowed, sha256 (hexadecimal, of the whole file), remember. An admin "
                "sends a published network with purpose graph, 2 GiB at most; the page that "
                "imports networks then has it.",
            ),
        ],
        request=None,
        responses={201: None, 412: PROBLEM, 413: PROBLEM, 422: PROBLEM},
    )
    def post(self, request: Request) -> Response:
        length = _number(request, "Upload-Length")
        raw = request.headers.get("Upload-Metadata", "")
        given = _metadata(raw)
        facts = {"length": length, "metadata": raw}
        purpose = _purpose(request, given.get("purpose", Upload.Purpose.PHOTO))
        choices, digest = _choices(given), _digest(given.get("sha256", ""))

        def begun() -> Answer:
            upload = tus_uploads.begin(
                length=length,
                owner=request.user if isinstance(request.user, User) else None,
                name="".join(filter(str.isprintable, given.get("filename", ""))),
                metadata=raw,
                sha256=digest,
                choices=choices,
                purpose=purpose,
            )
            address = reverse("api_upload", args=[upload.token], request=request)
            return Answer(None, location=address, upload=upload)

        try:
            return once(request, facts, begun)
        except BadUpload as reason:
            raise of_upload(reason, "Upload-Length") from reason


class OneUpload(TusView):
    """Whoever has the address goes on, asks how far it is, or gives up."""

    @extend_schema(
        operation_id="uploads_append",
        parameters=[
            TOKEN,
            TUS,
            _header("Upload-Offset", required=True, pattern=BYTES),
            _header(
                "Upload-Checksum",
                pattern="^(sha1 [A-Za-z0-9+/]{27}|sha256 [A-Za-z0-9+/]{43})=$",
                description="sha1 or sha256, a space, Base64.",
            ),
        ],
        request={OCTETS: OpenApiTypes.BINARY},
        responses={204: None, 410: PROBLEM, 411: PROBLEM, 412: PROBLEM, 413: PROBLEM, 422: PROBLEM,
                   460: PROBLEM},
    )  # fmt: skip
    def patch(self, request: Request, token: str) -> Response:
        if request.content_type.partition(";")[0].strip() != OCTETS:
            raise Problem(f"Send the bytes as {OCTETS}.", 415, "content_type")
        upload = _found(request, token)
        if _number(request, "Upload-Offset") != upload.offset:
            raise Problem(f"The next byte is number {upload.offset}.", 409, "offset")
        size = _size(request)
        if size > upload.left:
            raise Problem("That is more than the length that was announced.", 413, "too_large")
        _take(request, upload, size)
        if upload.restoration:
            further_pages.count(request, upload.restoration)
        if upload.restoration and "remember" in _metadata(upload.metadata):
            remember(request._request, upload.restoration)
        return Response(status=204, headers=_state(request, upload))

    @extend_schema(
        operation_id="uploads_read",
        parameters=[TOKEN, TUS],
        responses={200: UploadStateSerializer, 410: PROBLEM, 412: PROBLEM},
    )
    def get(self, request: Request, token: str) -> Response:
        upload = _found(request, token)
        body = UploadStateSerializer(upload, context={"request": request}).data
        headers = _state(request, upload) | {"Upload-Length": str(upload.length)}
        if upload.metadata:
            headers["Upload-Metadata"] = upload.metadata
        return Response(body, headers=headers)

    @extend_schema(
        operation_id="uploads_delete",
        parameters=[TOKEN, TUS],
        responses={204: None, 410: PROBLEM, 412: PROBLEM},
    )
    def delete(self, request: Request, token: str) -> Response:
        tus_uploads.give_up(_found(request, token))
        return Response(status=204)


def _found(request: Request, token: str) -> Upload:
    upload = Upload.objects.reachable_by(request.user).filter(token=token).first()
    if upload is None:
        raise Http404("There is no such upload.")
    if Upload.objects.expired().filter(pk=upload.pk).exists():
        raise Problem("This upload was left alone for too long; begin again.", 410, "expired")
    return upload


def _take(request: Request, upload: Upload, size: int) -> None:
    try:
        unfinished_uploads.make_room(upload, size)
        tus_uploads.receive(
            upload=upload, body=request._request, size=size, checksum=_checksum(request)
        )
    except tus_uploads.WrongChecksum as reason:
        raise Problem(str(reason), 460, "wrong_checksum") from reason
    except unfinished_uploads.TooManyUploads as reason:
        full = Problem(str(reason), 507, "full")
        full.wait = 300
        raise full from reason
    except BadUpload as reason:
        raise of_upload(reason, upload.purpose) from reason


def _state(request: Request, upload: Upload) -> dict[str, str]:
    """How far it is; a finished upload names what became of it."""
    headers = {"Upload-Offset": str(upload.offset)}
    if upload.graph is not None:
        page = f"{reverse('import_model', request=request)}?file={upload.graph.pk}"
        return headers | {"Upload-Graph": str(upload.graph.pk), "Upload-Page": page}
    if upload.restoration is None:
        return headers | _expires(upload)
    args = [upload.restoration.token]
    return headers | {
        "Upload-Restoration": reverse("api_restoration", args=args, request=request),
        "Upload-Page": reverse("restoration", args=args, request=request),
    }


def _expires(upload: Upload) -> dict[str, str]:
    upload.refresh_from_db(fields=["expires_at"])
    return {"Upload-Expires": http_date(upload.expires_at.timestamp())}


def _number(request: Request, name: str) -> int:
    given = request.headers.get(name, "")
    if not re.fullmatch(BYTES, given):
        raise exceptions.ValidationError({name: ["A whole number of bytes is needed here."]})
    return int(given)


def _size(request: Request) -> int:
    given = request.headers.get("Content-Length") or "0"
    if not given.isdecimal() or "Transfer-Encoding" in request.headers:
        raise Problem("Say with Content-Length how many bytes follow.", 411, "length")
    return int(given)


def _metadata(raw: str) -> dict[str, str]:
    """`filename aWRhLnRpZg==,careful MQ==` as texts by name."""
    if len(raw) > MAX_METADATA_CHARACTERS:
        raise _wrong(f"More than {MAX_METADATA_CHARACTERS} characters.")
    pairs = (pair.strip().partition(" ") for pair in raw.split(",") if pair.strip())
    try:
        return {
            name: base64.b64decode(value.strip(), validate=True).decode()
            for name, _, value in pairs
        }
    except (binascii.Error, UnicodeDecodeError) as reason:
        raise _wrong("Pairs of a name and a text in Base64 are needed here.") from reason


def _choices(given: dict[str, str]) -> dict[str, Any]:
    asked = ChoicesSerializer(data=given)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _purpose(request: Request, given: str) -> str:
    if given not in Upload.Purpose.values:
        raise _wrong(f"purpose is one of {', '.join(Upload.Purpose.values)}.")
    if given == Upload.Purpose.GRAPH and not may(request.user, "admin"):
        raise exceptions.PermissionDenied("Only an admin brings in networks.")
    return given


def _digest(given: str) -> str:
    if given and not re.fullmatch(r"[0-9a-fA-F]{64}", given):
        raise _wrong("sha256 has 64 hexadecimal digits.")
    return given


def _wrong(sentence: str) -> exceptions.ValidationError:
    return exceptions.ValidationError({"Upload-Metadata": [sentence]})


def _checksum(request: Request) -> tuple[str, bytes] | None:
    given = request.headers.get("Upload-Checksum")
    if given is None:
        return None
    algorithm, _, value = given.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm).digest_size:
        names = " or ".join(ALGORITHMS)
        raise exceptions.ValidationError({"Upload-Checksum": [f"{names}, then Base64."]})
    return algorithm, digest
