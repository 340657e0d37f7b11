"""The OpenAPI schema as a page for people: our own, without script, from the very same schema."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.web.roles import PUBLIC, needs

VERBS = ("get", "head", "post", "put", "patch", "delete")
DEEPEST = 3


@needs(PUBLIC)
def schema_page(request: HttpRequest) -> HttpResponse:
    """Every operation by room, with what it takes and answers."""
    return render(request, "api.html", {"rooms": rooms()})


@cache
def rooms() -> list[tuple[str, list[dict[str, Any]]]]:
    """(tag, its operations); read once: the schema only changes with the code."""
    from drf_spectacular.generators import SchemaGenerator

    return described(SchemaGenerator().get_schema(request=None, public=True))


def described(schema: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The operations of an OpenAPI 3 schema by their first tag, in the order of addresses."""
    parts = schema.get("components", {}).get("schemas", {})
    found: dict[str, list[dict[str, Any]]] = {}
    for path, item in sorted(schema["paths"].items()):
        for verb in (verb for verb in VERBS if verb in item):
            raw = item[verb]
            tag = (raw.get("tags") or ["api"])[0]
            found.setdefault(tag, []).append(_operation(path, verb, raw, parts))
    return list(found.items())


def _operation(path: str, verb: str, raw: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    content = (raw.get("requestBody") or {}).get("content", {})
    first = _schema(content)
    return {
        "id": raw.get("operationId", f"{verb} {path}"),
        "verb": verb.upper(),
        "path": path,
        "text": raw.get("summary") or raw.get("description", ""),
        "takes": ", ".join(content),
        "parameters": [
            {
                "name": one["name"],
                "kind": kind(one.get("schema", {}), parts),
                "required": one.get("required", False),
                "text": f"in the {one['in']}. {one.get('description', '')}",
            }
            for one in raw.get("parameters", [])
        ],
        "fields": list(fields(first, parts)),
        "answers": [_answer(code, one, parts) for code, one in sorted(raw["responses"].items())],
    }


def _schema(content: dict[str, Any]) -> dict[str, Any]:
    """Of the first media type; {} where nothing is sent."""
    found: dict[str, Any] = next(iter(content.values()), {"schema": {}}).get("schema", {})
    return found


def _answer(code: str, raw: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    body = _schema(raw.get("content", {}))
    return {
        "code": code,
        "text": raw.get("description", ""),
        # Refusals are alike everywhere: the page says once what they hold.
        "fields": list(fields(body, parts)) if code.startswith("2") else [],
    }


def _looked_up(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """Without the reference: directly, or as the one of a list of all that it must be."""
    while "$ref" in schema or len(schema.get("allOf", [])) == 1:
        if "$ref" in schema:
            schema = parts.get(schema["$ref"].rpartition("/")[2], {})
        else:
            schema = schema["allOf"][0]
    return schema


def fields(
    schema: dict[str, Any], parts: dict[str, Any], prefix: str = "", depth: int = 0
) -> Iterator[dict[str, Any]]:
    """Every field of a body by its path, down to three brackets."""
    schema = _looked_up(schema, parts)
    if schema.get("type") == "array":
        yield from fields(schema.get("items", {}), parts, f"{prefix}[]", depth)
        return
    for other in schema.get("oneOf", []):
        yield from fields(other, parts, prefix, depth)
    needed = schema.get("required", [])
    for name, raw in schema.get("properties", {}).items():
        path = f"{prefix}.{name}".lstrip(".")
        text = raw.get("description", "")
        yield {"name": path, "kind": kind(raw, parts), "required": name in needed, "text": text}
        if depth < DEEPEST:
            yield from fields(raw, parts, path, depth + 1)


def kind(schema: dict[str, Any], parts: dict[str, Any]) -> str:
    """``integer, 1 to 500``; a choice names what may be chosen."""
    schema = _looked_up(schema, parts)
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}), parts)}"
    said = str(schema.get("format") or schema.get("type") or "any")
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f"{said}, {least} to {most}"
    return said
