"""Packages fetched over HTTP and read apart: what is told, and every way not to be read."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

import pytest

from tests.evidence.code import zips
from tests.rig import estate
from topology import catalog
from topology.catalog import lambda_code
from topology.catalog.policy import EVIDENCE
from topology.crawl import download, packages
from topology.crawl.packages import Wanted, observe_code
from topology.crawl.session import opened
from topology.demo.answers import Reply
from topology.demo.packages import SIGNATURE
from topology.graph import Resource

GET, LAYER, PACKAGE = "lambda.GetFunction", "lambda.GetLayerVersionByArn", "s3.GetObject"
HANDLER = """
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const client = new S3Client({});
exports.handler = async (event) => {
  const key = event.Records[0].s3.object.key;
  await client.send(new PutObjectCommand({ Bucket: "out", Key: key.replace(/\\.csv$/, ".json") }));
};
"""
FILES = {"index.js": HANDLER}


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    for service in catalog.services():
        monkeypatch.setattr(service, "rate", None)


@pytest.fixture
def make(aws):
    """Makes a function of files; the resource that a crawl would show."""
    aws.client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=estate.TRUST)

    def of(files=FILES, runtime="nodejs22.x", name="convert", package=None, **more):
        client = aws.client("lambda")
        zipped = zips.zipped(files) if package is None else package
        client.create_function(
            FunctionName=name,
            Runtime=runtime,
            Role=f"arn:aws:iam::{aws.id}:role/worker",
            Handler="index.handler",
            Code={"ZipFile": zipped},
            **more,
        )
        return listed(aws, name)

    return of


def listed(aws, name):
    items = aws.client("lambda").list_functions()["Functions"]
    [item] = [item for item in items if item["FunctionName"] == name]
    facts = {"runtime": item["Runtime"], "package": item.get("PackageType", "Zip")}
    facts |= lambda_code.deployed(item)
    arn = aws.arn("lambda", f"function:{name}")
    return Resource(arn, "lambda.function", aws.id, aws.region, name, facts)


@pytest.fixture
def read(aws, proxy):
    """Reads functions through the proxy; the facts of the first."""

    def of(*functions):
        wanted = [each if isinstance(each, Wanted) else Wanted(each) for each in functions]
        connection = aws.through(proxy.url)
        found = observe_code(connection, aws.identity, aws.region, wanted)
        return found.facts[wanted[0].function.arn]

    return of


def asked_for(proxy, operation):
    return [each.parameters for each in proxy.log if each.name == operation]


def test_a_functions_calls_are_told_and_nothing_of_its_code(make, read):
    code = read(make())["code"]
    assert (code["complete"], code["language"], code["files"]) == (True, "javascript", 1)
    [call] = code["calls"]
    assert (call["service"], call["operation"], call["line"]) == ("s3", "PutObject", 6)
    assert call["target"] == ["known", "out"]


def test_exactly_what_the_policy_allows_for_it_is_asked(aws, make, read, proxy):
    layer = aws.client("lambda").publish_layer_version(
        LayerName="shared", Content={"ZipFile": zips.zipped({"nodejs/node_modules/a/index.js": ""})}
    )
    facts = read(make(Layers=[layer["LayerVersionArn"]]))
    assert facts["code"]["doubts"] == []
    assert facts["code"]["files"] == 2
    asked = {each.name for each in proxy.log if each.service != "sts"}
    assert asked == {GET, LAYER, PACKAGE}  # the last by its presigned address
    assert set(EVIDENCE["code"]) == {"lambda:GetFunction", "lambda:GetLayerVersion"}
    assert lambda_code.layer.action == "lambda:GetLayerVersion"


def test_a_package_that_was_read_is_not_downloaded_again(make, read, proxy):
    function = make()
    code = read(function)["code"]
    proxy.log.clear()
    assert read(Wanted(function, known=code)) == {"code": code}
    assert proxy.log == []
    changed = replace(function, attributes={**function.attributes, "handler": "index.other"})
    read(Wanted(changed, known=code))
    assert PACKAGE in {each.name for each in proxy.log}


def test_versions_of_one_configuration_are_told_by_their_package(aws, make, read):
    client = aws.client("lambda")
    make()
    client.publish_version(FunctionName="convert")
    client.update_function_configuration(
        FunctionName="convert", Environment={"Variables": {"BUCKET": "other"}}
    )
    client.publish_version(FunctionName="convert")
    function = listed(aws, "convert")
    versions = dict.fromkeys(("$LATEST", "1", "2"), "role")
    function = replace(function, attributes={**function.attributes, "versions": versions})
    sha = function.attributes["code_sha256"]
    newest = read(function)
    assert newest["code_versions"] == {"$LATEST": sha, "2": sha}
    first = read(Wanted(function, "1"))
    assert first["code_versions"] == {"1": sha}
    assert first["code"]["version"] == "1"
    assert "code_unread" in read(Wanted(function, "7"))


def test_a_container_image_is_not_read_and_says_so(make, read, proxy):
    function = make()
    image = replace(function, attributes={"package": "Image"})
    assert read(image) == {"code_unread": "it is a container image, and those are not read"}
    assert GET not in {each.name for each in proxy.log}


def test_what_runs_beside_the_code_is_a_doubt(aws, make, read):
    extension = aws.client("lambda").publish_layer_version(
        LayerName="agent", Content={"ZipFile": zips.zipped({"extensions/agent": "#!/bin/sh"})}
    )["LayerVersionArn"]
    variables = {"NODE_OPTIONS": "--require /opt/x.js", "NODE_PATH": ""}
    code = read(make(Layers=[extension], Environment={"Variables": variables}))["code"]
    assert {
        "An extension in a layer runs beside the function.",
        "The environment variable NODE_OPTIONS changes what runs.",
    } <= {doubt["reason"] for doubt in code["doubts"]}
    assert len(code["calls"]) == 1


@pytest.mark.parametrize(("operation", "why"), [(LAYER, "AccessDenied"), (PACKAGE, "(403)")])
def test_a_layer_that_cannot_be_had_is_a_doubt_and_is_asked_for_again(
    aws, make, read, proxy, operation, why
):
    layer = aws.client("lambda").publish_layer_version(
        LayerName="shared", Content={"ZipFile": zips.zipped({"nodejs/a.js": ""})}
    )
    function = make(Layers=[layer["LayerVersionArn"]])
    if operation == LAYER:
        proxy.deny(LAYER)
    else:
        proxy.fail(lambda request, forward: Reply(403, {}, b""), PACKAGE, skip=1)
    code = read(function)["code"]
    [doubt] = code["doubts"]
    assert doubt["reason"].startswith("Layer 1 of 1 was not read: ")
    assert why in doubt["reason"]
    assert (code["complete"], code["basis"]) == (False, "")


def redirect(request, forward):
    return Reply(302, {"Location": "http://169.254.169.254/latest/meta-data"}, b"")


def other(request, forward):
    return replace(forward(), body=zips.zipped({"index.js": "exports.handler = 1"}))


def endless(request, forward):
    return Reply(200, {}, b"\0" * 2_000_000)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("deny", "its download was refused (403)"),
        ("reset", "its download failed (ConnectionClosedError)"),
        ("truncate", "its download was cut short"),
        (redirect, "its download was redirected, which is not followed"),
        (other, "its download has another hash than Lambda says"),
        (endless, "it is larger than Lambda allows"),
    ],
)
def test_a_download_that_fails_is_told_without_its_address(
    make, read, proxy, monkeypatch, caplog, fault, why
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(packages, "ZIPPED", 1_000_000)
    function = make()
    if callable(fault):
        proxy.fail(fault, PACKAGE)
    else:
        getattr(proxy, fault)(PACKAGE)
    assert read(function) == {"code_unread": why}
    assert SIGNATURE not in caplog.text
    assert len(asked_for(proxy, PACKAGE)) == 1


def test_a_slow_sender_is_cut_off_in_time(make, read, proxy, monkeypatch):
    monkeypatch.setattr(packages, "EACH", 0.3)
    proxy.drip(0.05, PACKAGE)
    began = time.monotonic()
    assert read(make()) == {"code_unread": "its download takes too long"}
    assert time.monotonic() - began < 5


def test_a_refused_function_hides_no_other(make, read, proxy):
    one, other = make(), make(name="copy")
    proxy.deny(GET, resource="convert")
    assert "code" in read(other, one)
    assert read(one, other) == {"code_unread": "lambda:GetFunction failed (AccessDeniedException)"}


@pytest.mark.parametrize(
    "answer",
    [{}, {"Configuration": {}}, {"Configuration": {"CodeSha256": "x"}, "Code": {"Location": "["}}],
)
def test_an_answer_of_another_shape_is_told(make, read, proxy, answer):
    function = make()
    proxy.answer(answer, GET)
    assert set(read(function)) == {"code_unread"}


@pytest.mark.parametrize(
    "package", [b"no zip", zips.zipped({"../x.js": ""}), zips.linked("index.js")]
)
def test_a_hostile_package_is_told(aws, make, read, package):
    [why] = read(make(package=package)).values()
    assert why.startswith("the package ")


def test_nothing_but_an_address_of_aws_is_asked_where_aws_is_asked(aws, monkeypatch):
    session = opened(replace(aws.connection, endpoint_url=""))
    for location in ("http://x.amazonaws.com/a", "https://amazonaws.com.evil.example/a", "", "["):
        with pytest.raises(download.DownloadError, match="address"):
            download._address(session, "https://lambda.eu-west-1.amazonaws.com", location)
