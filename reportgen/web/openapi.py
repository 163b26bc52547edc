"""The OpenAPI 3.1 description of the server, made from its routes and the types of its answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from reportgen import __version__
from reportgen.web import api_types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.routing import Rule

Schema = dict[str, Any]
_SIMPLE_TYPES: Final = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    NoneType: "null",
}
JSON, BINARY = "application/json", "application/octet-stream"
PNG, HTML, ZIP = "image/png", "text/html", BINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a route does."""

    summary: str
    answer: type | str | None = None  # JSON of a type, a media type, or nothing
    request: type | str | None = None
    status: int = 200
    query: tuple[tuple[str, type], ...] = ()
    headers: tuple[str, ...] = ()
    is_public: bool = False  # needs no session


OPERATIONS: Final[dict[str, Operation]] = {
    "GET /": Operation(summary="The page, or the sign-in form", answer=HTML, is_public=True),
    "GET /start/<token>": Operation(
        summary="Start the owner's session", status=303, is_public=True
    ),
    "POST /sign-in": Operation(
        summary="Start a session by the password",
        request="application/x-www-form-urlencoded",
        status=303,
        is_public=True,
    ),
    "GET /static/<name>": Operation(summary="A file of the page", answer=BINARY, is_public=True),
    "GET /healthz": Operation(
        summary="Whether the server works", answer=api_types.HealthAnswer, is_public=True
    ),
    "POST /api/sign-out": Operation(summary="End the session", status=204),
    "GET /api/openapi.json": Operation(summary="This description", answer=dict),
    "GET /api/session": Operation(
        summary="The server and the session", answer=api_types.SessionAnswer
    ),
    "GET /api/items": Operation(summary="The session's items", answer=api_types.ItemsAnswer),
    "POST /api/items": Operation(
        summary="Upload a workbook and build its documents",
        request=BINARY,
        headers=("X-File-Name",),
        query=(("follow", int),),
        answer=api_types.Item,
        status=201,
    ),
    "PUT /api/items/<identifier>/workbook": Operation(
        summary="A new version of an item's workbook",
        request=BINARY,
        headers=("X-File-Name",),
        answer=api_types.Item,
    ),
    "GET /api/items/<identifier>/workbook": Operation(
        summary="The item's workbook, with the cells that were set here", answer=BINARY
    ),
    "POST /api/items/<identifier>/cells": Operation(
        summary="Set a cell in a copy of the workbook, which becomes the new version",
        request=api_types.CellEditRequest,
        answer=api_types.CellEditAnswer,
    ),
    "POST /api/items/<identifier>/restore": Operation(
        summary="Take back an item that was removed", answer=api_types.Item
    ),
    "GET /api/items/<identifier>": Operation(
        summary="An item; with a version, wait for a later one",
        answer=api_types.Item,
        query=(("after", int),),
    ),
    "DELETE /api/items/<identifier>": Operation(summary="Remove an item", status=204),
    "POST /api/comparisons": Operation(
        summary="Compare two workbooks",
        request=api_types.CompareRequest,
        answer=api_types.Item,
        status=201,
    ),
    "POST /api/archive/comparisons": Operation(
        summary="Compare an archived edition with a workbook",
        request=api_types.CompareArchivedRequest,
        answer=api_types.Item,
        status=201,
    ),
    "GET /api/items/<identifier>/pages/<source>/<int:index>.png": Operation(
        summary="A page as a picture, of a width in pixels", answer=PNG, query=(("width", int),)
    ),
    "GET /api/items/<identifier>/files/<name>": Operation(summary="A document", answer=BINARY),
    "POST /api/items/<identifier>/odt": Operation(
        summary="Make the documents as ODT, too", answer=api_types.Item
    ),
    "GET /api/items/<identifier>/all.zip": Operation(summary="All documents", answer=ZIP),
    "GET /api/items/<identifier>/marked.xlsx": Operation(
        summary="The workbook with its problems marked", answer=BINARY, query=(("lang", str),)
    ),
    "GET /api/items/<identifier>/next.xlsx": Operation(
        summary="A workbook for the next edition, revised on a day",
        answer=BINARY,
        query=(("revised", str),),
    ),
    "GET /api/items/<identifier>/results": Operation(
        summary="All figures with their calculations (reportgen.results)", answer=dict
    ),
    "GET /api/items/<identifier>/words": Operation(
        summary="The words on the KPIs", answer=api_types.WordsAnswer
    ),
    "GET /api/items/<identifier>/previous": Operation(
        summary="The figures of the archived edition of an earlier year",
        answer=api_types.PreviousAnswer,
    ),
    "GET /api/items/<identifier>/review": Operation(
        summary="The read-only link of an item, and its remarks",
        answer=api_types.ReviewLinkAnswer,
    ),
    "POST /api/items/<identifier>/review": Operation(
        summary="Make a read-only link, or keep it", answer=api_types.ReviewLinkAnswer, status=201
    ),
    "DELETE /api/items/<identifier>/review": Operation(
        summary="Withdraw a read-only link", status=204
    ),
    "GET /review/<token>": Operation(
        summary="The page of a read-only link", answer=HTML, is_public=True
    ),
    "GET /api/review/<token>": Operation(
        summary="What a read-only link opens", answer=api_types.ReviewAnswer, is_public=True
    ),
    "GET /api/review/<token>/pages/<source>/<int:index>.png": Operation(
        summary="A page as a picture, of a width in pixels",
        answer=PNG,
        query=(("width", int),),
        is_public=True,
    ),
    "GET /api/review/<token>/files/<name>": Operation(
        summary="The pages of a PDF, without attachments", answer=BINARY, is_public=True
    ),
    "POST /api/review/<token>/remarks": Operation(
        summary="Leave a remark",
        request=api_types.RemarkRequest,
        answer=api_types.RemarksAnswer,
        headers=("X-Reportgen",),
        status=201,
        is_public=True,
    ),
    "POST /api/items/<identifier>/share": Operation(
        summary="Make a workbook for each unit to fill in, as shared.zip",
        request=api_types.ShareRequest,
        answer=api_types.ShareAnswer,
    ),
    "GET /api/items/<identifier>/shared.zip": Operation(
        summary="The workbooks for the units", answer=ZIP
    ),
    "GET /api/items/<identifier>/parts": Operation(
        summary="The parts that units returned, and what merging them would do",
        answer=api_types.PartsAnswer,
    ),
    "POST /api/items/<identifier>/parts": Operation(
        summary="Hand in a part that a unit returned",
        request=BINARY,
        headers=("X-File-Name",),
        answer=api_types.PartsAnswer,
        status=201,
    ),
    "POST /api/items/<identifier>/parts/read": Operation(
        summary="Read the parts again", answer=api_types.PartsAnswer
    ),
    "GET /api/items/<identifier>/parts/<name>": Operation(
        summary="A part as it was handed in", answer=BINARY
    ),
    "DELETE /api/items/<identifier>/parts/<name>": Operation(
        summary="Remove a part that was handed in", answer=api_types.PartsAnswer
    ),
    "GET /api/items/<identifier>/delivery.xlsx": Operation(
        summary="Who has delivered, what is blank, changes and problems, as a workbook",
        answer=BINARY,
        query=(("lang", str),),
    ),
    "POST /api/items/<identifier>/merge": Operation(
        summary="Merge the parts as their report says; build the documents anew",
        request=api_types.MergeRequest,
        answer=api_types.PartsAnswer,
    ),
    "GET /api/items/<identifier>/workbooks/<int:number>": Operation(
        summary="The item's workbook, or one from before a merge", answer=BINARY
    ),
    "GET /api/blank.xlsx": Operation(summary="A blank workbook", answer=BINARY),
    "GET /api/archive": Operation(summary="The archived editions", answer=api_types.ArchiveAnswer),
    "GET /api/archive/find": Operation(
        summary="The edition whose pages carry a code",
        answer=api_types.FoundAnswer,
        query=(("code", str),),
    ),
    "POST /api/archive": Operation(
        summary="Archive an edition",
        request=api_types.ArchiveRequest,
        answer=api_types.ArchiveReceiptAnswer,
    ),
    "GET /api/archive/<int:number>/approval": Operation(
        summary="The slips of approval of an edition", answer=api_types.ApprovalAnswer
    ),
    "POST /api/archive/<int:number>/approval": Operation(
        summary="Approve an archived edition",
        request=api_types.ApproveRequest,
        answer=api_types.SlipReceiptAnswer,
    ),
    "POST /api/archive/<int:number>/withdrawal": Operation(
        summary="Withdraw an approval",
        request=api_types.WithdrawRequest,
        answer=api_types.SlipReceiptAnswer,
    ),
    "GET /api/archive/<int:number>/slips/<int:slip>/<name>": Operation(
        summary="A file of a slip of approval", answer=BINARY
    ),
    "POST /api/archive/<int:number>/approved.zip": Operation(
        summary="The documents of an edition with its approvals printed", answer=ZIP
    ),
    "POST /api/archive/<int:number>/approved-reprint": Operation(
        summary="Archive a reprint of an edition with its approvals printed",
        answer=api_types.ArchiveReceiptAnswer,
    ),
    "GET /api/archive/<int:number>/restored.zip": Operation(
        summary="All files of an archived edition", answer=ZIP
    ),
    "GET /api/archive/files/<int:number>/<path:name>": Operation(
        summary="A file of an archived edition", answer=BINARY
    ),
    "POST /api/archive/identify": Operation(
        summary="The archived files of the same bytes",
        request=BINARY,
        headers=("X-File-Name",),
        answer=api_types.IdentifiedAnswer,
    ),
    "POST /api/archive/verify": Operation(
        summary="Verify every byte of the archive", answer=api_types.VerifiedAnswer
    ),
}


def describe_api(rules: Iterable[Rule]) -> Schema:
    """Return the OpenAPI description of URL rules; raise KeyError for one without an operation."""
    schemas: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for rule in sorted(rules, key=lambda rule: rule.rule):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            operation = OPERATIONS[f"{method} {rule.rule}"]
            described = _operation(operation, rule.rule, schemas)
            paths.setdefault(path, {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": "reportgen serve", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "cookie": {"type": "apiKey", "in": "cookie", "name": "reportgen"},
                "token": {"type": "apiKey", "in": "header", "name": "X-Reportgen"},
            },
        },
    }


def _operation(operation: Operation, rule: str, schemas: dict[str, Schema]) -> Schema:
    """Return the description of an operation; schemas of its types are added to ``schemas``."""
    converters = {"": "string", "int": "integer", "path": "string"}
    parameters = [
        _parameter(name, "path", {"type": converters[converter]})
        for converter, name in re.findall(r"<(?:(\w+):)?(\w+)>", rule)
    ]
    parameters += [
        _parameter(name, "query", type_schema(kind, schemas)) for name, kind in operation.query
    ]
    parameters += [_parameter(name, "header", {"type": "string"}) for name in operation.headers]
    success: Schema = {"description": operation.summary}
    if operation.answer is not None:
        success["content"] = _content(operation.answer, schemas)
    failure = {"description": "A refusal", "content": _content(api_types.ErrorAnswer, schemas)}
    described: Schema = {
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {str(operation.status): success, "default": failure},
        "security": [] if operation.is_public else [{"cookie": [], "token": []}],
    }
    if operation.request is not None:
        content = _content(operation.request, schemas)
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameter(name: str, place: str, schema: Schema) -> Schema:
    """Return the description of a parameter; those of the path are required."""
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _content(kind: type | str, schemas: dict[str, Schema]) -> Schema:
    """Return the content of a body: JSON of a type, or bytes of a media type."""
    if isinstance(kind, str):
        return {kind: {}}
    return {JSON: {"schema": type_schema(kind, schemas)}}


def type_schema(kind: Any, schemas: dict[str, Schema]) -> Schema:
    """Return the JSON Schema of a type; those of TypedDicts are added to ``schemas``.

    Every field of a TypedDict is always there, and no other. Raise TypeError for a type that JSON
    does not have.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _SIMPLE_TYPES:
        return {"type": _SIMPLE_TYPES[kind]}
    if kind is dict:
        return {"type": "object"}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [type_schema(argument, schemas) for argument in arguments]}
    if origin is list:
        return {"type": "array", "items": type_schema(arguments[0], schemas)}
    if not is_typeddict(kind):
        raise TypeError(f"{kind} is no type of JSON")
    name = kind.__name__
    if name not in schemas:
        schemas[name] = {}  # ends recursion
        hints = get_type_hints(kind)
        schemas[name] = {
            "type": "object",
            "properties": {field: type_schema(hint, schemas) for field, hint in hints.items()},
            "required": sorted(hints),
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}


__all__ = ["OPERATIONS", "Operation", "describe_api", "type_schema"]
