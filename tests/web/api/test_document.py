"""The OpenAPI document: valid, of version 3.1, and as people read it."""

from __future__ import annotations

import re

from django.test import Client
from drf_spectacular.validation import validate_schema

from topology.web.api import described
from topology.web.api.urls import urlpatterns


def test_the_document_is_valid_openapi_3_1(client: Client, capsys) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1.")
    validate_schema(document)
    described.document.__wrapped__()
    assert "Warning" not in capsys.readouterr().err


def test_every_address_but_those_that_describe_is_in_it(client: Client) -> None:
    told = {
        re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1/"))
        for path in described.document()["paths"]
    }
    known = {re.sub(r"<[\w:]+>", "{}", str(each.pattern)) for each in urlpatterns[:-1]}
    assert known - told == {"", "openapi.json", "report.schema.json"}


def test_every_call_stands_on_the_page_with_what_it_does(client: Client) -> None:
    page = client.get("/api/v1/").content.decode()
    for path, operations in described.document()["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in page
            assert operation["summary"]
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)
