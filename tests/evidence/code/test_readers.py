"""Which reader takes a package, what texts tell where none parses it, and which SDK it brings."""

from __future__ import annotations

import io
import struct

import pytest

from tests.evidence.code import zips
from topology.evidence.code import sdks
from topology.evidence.code.apart import UnreadError, read_apart
from topology.evidence.code.archive import Archive
from topology.evidence.code.readers import Deployed, read
from topology.evidence.code.reading import Reading

V2 = "node_modules/aws-sdk/package.json"
V3 = "node_modules/@aws-sdk/client-s3/package.json"
BUNDLE = 'var p={name:"@aws-sdk/client-s3",description:"AWS SDK",version:"3.600.0",scripts:{}}'


def archive(files: zips.Files, *layers: zips.Files) -> Archive:
    made = Archive(io.BytesIO(zips.zipped(files)))
    for layer in layers:
        made.add_layer(io.BytesIO(zips.zipped(layer)))
    return made


def of(runtime: str, files: zips.Files, *layers: zips.Files, handler: str = "app.h") -> Reading:
    return read(archive(files, *layers), Deployed(runtime, handler))


def java(*constants: str) -> bytes:
    """A class file's constant pool."""
    texts = b"".join(struct.pack(">BH", 1, len(each)) + each.encode() for each in constants)
    return b"\xca\xfe\xba\xbe" + struct.pack(">3H", 0, 65, len(constants) + 1) + texts


SQS, S3 = (f"software/amazon/awssdk/services/{each}Client" for each in ("sqs/Sqs", "s3/S3"))
GO = b"\x7fELF" + b"\0" * 70_000 + b"\xff Go buildinf:\x08\x02\0\0go1.22.1\0path\tmain\n"
GO += b"dep\tgithub.com/aws/aws-sdk-go-v2\tv1.30.3\th1:x=\n"
GO += b"dep\tgithub.com/aws/aws-sdk-go-v2/service/sqs\tv1.34.3\th1:x=\n"
GO += b"github.com/aws/aws-sdk-go-v2/service/sso.(*Client).Logout\0"
PHP = "use Aws\\EventBridge\\EventBridgeClient;"
RUST = b"\x7fELF /rustc/" + b"0" * 40 + b"/library/core\0"
RUST += b"/root/.cargo/registry/src/index/aws-sdk-dynamodb-1.36.0/src/client.rs\0"
RUST += b"/root/.cargo/registry/src/index/aws-config-1.5.3/src/lib.rs\0"


@pytest.mark.parametrize(
    ("runtime", "files", "language", "services"),
    [
        ("java21", {"com/acme/Main.class": java(SQS, S3)}, "java", ("s3", "sqs")),
        ("java8.al2", {"Main.class": java("com/amazonaws/services/sns/A")}, "java", ("sns",)),
        (
            "java21",
            {"Main.class": java("x"), "software/amazon/awssdk/core/All.class": java(S3)},
            "java",
            (),
        ),
        ("dotnet8", {"Acme.dll": b"\0AWSSDK.SQS\0AWSSDK.Core\0"}, "dotnet", ("sqs",)),
        (
            "dotnet8",
            {"Acme.dll": b"AWSSDK.SimpleNotificationService\0", "AWSSDK.S3.dll": b"AWSSDK.S3\0"},
            "dotnet",
            ("sns",),
        ),
        ("go1.x", {"main": GO}, "go", ("sqs",)),
        ("provided.al2023", {"bootstrap": GO}, "go", ("sqs",)),
        ("provided.al2023", {"bootstrap": RUST}, "rust", ("dynamodb",)),
        ("ruby3.3", {"app.rb": "require 'aws-sdk-states'"}, "ruby", ("stepfunctions",)),
        ("ruby3.3", {"app.rb": "Aws::SQS::Client.new"}, "ruby", ("sqs",)),
        ("ruby3.3", {"vendor/bundle/ruby/3.3.0/gems/a/a.rb": "Aws::S3::Client"}, "ruby", ()),
        ("provided.al2", {"index.php": PHP}, "php", ("events",)),
        ("provided.al2", {"bootstrap": "#!/bin/sh\naws s3 cp"}, "", ()),
        ("cobol1.x", {"main.cob": "CALL"}, "", ()),
    ],
)
def test_services_are_named_by_texts_where_nobody_parses(
    runtime: str, files: zips.Files, language: str, services: tuple[str, ...]
) -> None:
    found = of(runtime, files)
    assert (found.language, found.hints, found.calls) == (language, services, ())
    assert "not parsed" in found.doubts[0].reason


def test_jars_in_a_package_are_not_opened_and_said() -> None:
    found = of("java21", {"lib/acme.jar": zips.zipped({"A.class": java(S3)})})
    assert found.hints == ()
    assert [doubt.reason for doubt in found.doubts][1:] == [
        "JAR files within the package are not opened."
    ]


def test_a_text_across_two_pieces_is_found() -> None:
    for shift in range(65_500, 65_540):
        files = {"Main.class": b"\0" * shift + SQS.encode() + b"\0" * 100}
        assert of("java21", files).hints == ("sqs",), shift


@pytest.mark.parametrize(
    ("language", "files", "sdk"),
    [
        ("python", {"boto3-1.34.5.dist-info/METADATA": ""}, ("boto3", "1.34.5")),
        ("python", {"botocore/__init__.py": "__version__ = '1.27.1'"}, ("botocore", "1.27.1")),
        (
            "python",
            {"boto3-1.34.5.dist-info/RECORD": "", "botocore-1.34.7.dist-info/RECORD": ""},
            ("botocore", "1.34.7"),
        ),
        ("python", {"opt.py": ""}, ("", "")),
        ("javascript", {V3: '{"version": "3.104.0"}'}, ("@aws-sdk", "3.104.0")),
        ("javascript", {V2: '{"version": "2.900.0"}'}, ("aws-sdk", "2.900.0")),
        (
            "javascript",
            {V2: '{"version": "2.900.0"}', V3: '{"version": "3.600.0"}'},
            ("@aws-sdk 3.600.0 and aws-sdk 2.900.0", ""),
        ),
        ("javascript", {"index.js": BUNDLE}, ("@aws-sdk", "3.600.0")),
        ("javascript", {"index.js": 'ua=[["aws-sdk-js",v]]'}, ("@aws-sdk", "")),
        ("javascript", {"index.js": 'AWS={VERSION:"2.1146.0"}'}, ("aws-sdk", "2.1146.0")),
        ("javascript", {"index.js": 'require("@aws-sdk/client-s3")'}, ("", "")),
        ("java", {"lib/sdk-core-2.20.26.jar": ""}, ("aws-java-sdk", "2.20.26")),
        (
            "java",
            {"META-INF/maven/com.amazonaws/aws-java-sdk-core/pom.properties": "version=1.12.1\n"},
            ("aws-java-sdk", "1.12.1"),
        ),
        (
            "java",
            {"shaded/awssdk/core/util/VersionInfo.class": java("2.17.100")},
            ("aws-java-sdk", "2.17.100"),
        ),
        (
            "dotnet",
            {"Acme.deps.json": '{"libraries": {"AWSSDK.Core/3.7.292.1": {}}}'},
            ("AWSSDK.Core", "3.7.292.1"),
        ),
        ("go", {"bootstrap": GO}, ("aws-sdk-go-v2", "1.30.3")),
        ("rust", {"bootstrap": RUST}, ("aws-sdk-rust", "1.5.3")),
        ("ruby", {"Gemfile.lock": "    aws-sdk-core (3.190.0)"}, ("aws-sdk-core", "3.190.0")),
        (
            "php",
            {"vendor/aws/aws-sdk-php/src/Sdk.php": "const VERSION = '3.231.0';"},
            ("aws-sdk-php", "3.231.0"),
        ),
    ],
)
def test_the_sdk_in_a_package(language: str, files: zips.Files, sdk: tuple[str, str]) -> None:
    assert sdks.bundled(archive(files), language) == sdk


def test_the_oldest_client_speaks_and_a_functions_own_before_its_layers() -> None:
    old = "node_modules/@aws-sdk/client-sqs/package.json"
    own = {V3: '{"version": "3.600.0"}', old: '{"version": "3.99.0"}'}
    layer = {f"nodejs/{V3}": '{"version": "3.1.0"}'}
    assert sdks.bundled(archive(own, layer), "javascript") == ("@aws-sdk", "3.99.0")
    assert sdks.bundled(archive({"index.js": ""}, layer), "javascript") == ("@aws-sdk", "3.1.0")


def test_the_sdks_own_sources_are_neither_held_nor_taken_for_empty() -> None:
    files = {
        "app.js": 'const s3 = require("./node_modules/@aws-sdk/client-s3/index.js");'
        "exports.h = async () => s3.whatever();",
        "node_modules/@aws-sdk/client-s3/index.js": "exports.whatever = () => {};",
    }
    assert not of("nodejs22.x", files).is_complete


def test_a_script_beside_the_function_is_seen() -> None:
    files = {"app.js": "exports.h = async () => {};", "run": "#!/bin/sh\naws s3 cp x s3://y"}
    assert not of("nodejs22.x", files).is_complete
    assert of("nodejs22.x", {"app.js": files["app.js"], "run": "a text"}).is_complete


@pytest.mark.parametrize("name", ["AWS_LAMBDA_EXEC_WRAPPER", "*"])
def test_variables_that_change_what_runs_or_cannot_be_read_are_doubts(name: str) -> None:
    quiet = archive({"app.js": "exports.h = async () => {};"})
    assert read(quiet, Deployed("nodejs22.x", "app.h")).is_complete
    (doubt,) = read(quiet, Deployed("nodejs22.x", "app.h", (name,))).doubts
    assert "may change" in doubt.reason or f"variable {name} changes" in doubt.reason


PYTHON = """
import boto3
from shared import BUCKET

def h(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key.replace(".csv", ".json"), Body=b"")
"""


def test_a_function_in_python_is_followed_into_its_layers() -> None:
    found = of("python3.13", {"app.py": PYTHON}, {"python/shared.py": "BUCKET = 'out'"})
    assert [(call.service, call.operation) for call in found.calls] == [("s3", "PutObject")]
    assert (found.language, found.files, found.is_complete) == ("python", 2, True)


def test_a_reader_that_takes_too_long_or_too_much_is_ended(monkeypatch, tmp_path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(zips.zipped({"app.js": "exports.h = 1"}))
    deployed = Deployed("nodejs22.x", "app.h")
    monkeypatch.setattr("topology.evidence.code.apart.PATIENCE", 0.001)
    with path.open("rb") as file, pytest.raises(UnreadError, match="takes too long"):
        read_apart(file, [], deployed, "sha")
    monkeypatch.undo()
    monkeypatch.setattr("topology.evidence.code.apart.ANSWER", 10)
    with path.open("rb") as file, pytest.raises(UnreadError, match="gave up"):
        read_apart(file, [], deployed, "sha")


def test_a_distribution_in_python_is_known_by_what_it_says_of_itself() -> None:
    source = "import yaml\ndef h(event, context):\n    yaml.safe_load('')\n"
    layer = {"python/yaml/__init__.py": "exec('')", "python/PyYAML-6.dist-info/METADATA": ""}
    assert not of("python3.13", {"app.py": source}, layer).is_complete
    layer["python/PyYAML-6.dist-info/RECORD"] = "yaml/__init__.py,sha256=x,8\n"
    assert of("python3.13", {"app.py": source}, layer).is_complete
