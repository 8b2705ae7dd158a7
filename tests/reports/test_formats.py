"""Every format, read back by somebody else's reader, with naughty strings in every name.

The schema of SARIF is OASIS's, as Microsoft's npm package jest-sarif (MIT) brings it along. OCSF's
own is in ocsf-json-schema, and botocore has the shape of what Security Hub imports.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import botocore.session
import jsonschema
import junitparser
import networkx
import pytest
import yaml
from botocore.validate import ParamValidator
from django.conf import settings
from markdown_it import MarkdownIt
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from tests.reports.naughty import NAUGHTY, spoiled
from tests.web.scene import example
from topology.reports import findings, json_report
from topology.reports.document import legible
from topology.reports.formats import formats
from topology.reports.formats.csv_table import FORMULA, HEADS
from topology.reports.formats.markdown import LIMIT
from topology.reports.page import frame, palette

SCHEMAS = Path(__file__).with_name("schemas")
SVG = "{http://www.w3.org/2000/svg}"
LOOPS = len(NAUGHTY)


@cache
def document() -> dict[str, Any]:
    """The example report with a loop for every naughty name, and one in each of its gaps."""
    whole = example()
    spoilt = spoiled(whole["loops"][0])
    gaps = [{**whole["scope"]["gaps"][0], "resource": name, "reason": name} for name in NAUGHTY]
    return {**whole, **spoilt, "scope": {**whole["scope"], "gaps": gaps}}


def written(name: str) -> bytes:
    """The report in a format; of what takes long, a few of its loops."""
    whole, chosen = document(), formats()[name]
    few = {**whole, "loops": whole["loops"][5:8], "scope": {**whole["scope"], "gaps": []}}
    return chosen.written(few if chosen.is_binary else whole)


def names() -> set[str]:
    """The ARNs of the loops as XML and UTF-8 can carry them."""
    loops = legible(document())["loops"]
    return {edge[end] for loop in loops for edge in loop["edges"] for end in ("source", "target")}


class Tags(HTMLParser):
    """Which tags and attributes a page has, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    return tags


def html(text: str) -> None:
    shown = page(text)
    assert not shown.tags & {"script", "img", "link", "iframe", "object", "form", "input", "base"}
    assert "svg" in shown.tags
    for tag, name, value in shown.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in ("src", "style", "srcdoc", "action", "background"), (tag, name)
        assert name != "href" or value.startswith("#"), (tag, value)
    assert "url(" not in text
    assert "@import" not in text.partition("</style>")[0]
    assert {"<script>alert(1)</script>#6#"} <= {
        each for data in shown.text for each in re.findall(r"<script>.*?#\d+#", data)
    }


def markdown(text: str) -> None:
    assert len(text) <= LIMIT
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    shown = page(rendered)
    expected = {"h2", "p", "strong", "sub", "details", "summary", "code", "table", "thead"}
    assert shown.tags <= expected | {"tr", "th", "td", "tbody"}
    assert not [each for each in shown.attributes if each[1] != "style"]
    for data in re.split(r"<code>.*?</code>", rendered, flags=re.DOTALL):
        assert "@octocat" not in data
    assert "more loop" in text


def plain(text: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in text)


def rows(text: str) -> None:
    head, *cells = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == HEADS
    assert len(cells) == sum(len(loop["edges"]) for loop in document()["loops"])
    for row in cells:
        assert len(row) == len(HEADS)
        assert not [cell for cell in row if cell.startswith(FORMULA)]


def junit(text: str) -> None:
    (suite,) = junitparser.JUnitXml.fromstring(text.encode())
    cases = list(suite)
    failed = [case for case in cases if isinstance(case.result[0], junitparser.Failure)]
    assert len(failed) == suite.failures == LOOPS
    assert isinstance(cases[-1].result[0], junitparser.Error)  # the gaps
    assert suite.tests == len(cases) == LOOPS + 1


def sarif(text: str) -> None:
    log = json.loads(text)
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    jsonschema.Draft4Validator(schema).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert {each["ruleId"] for each in run["results"]} <= set(rules)
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    loops = [each for each in run["results"] if each["ruleId"] == "loop/live"]
    assert len({each["partialFingerprints"]["loop/v1"] for each in loops}) == LOOPS
    suppressed = [each for each in run["results"] if "suppressions" in each]
    assert len(suppressed) == len(document()["scope"]["accepted_gaps"])


def found(text: str) -> None:
    events = [json.loads(line) for line in text.splitlines()]
    assert len(events) == LOOPS + len(findings.told(document()))
    versions = {each["metadata"]["version"] for each in events}
    assert versions == {"1.3.0"}
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(*versions))
    validator = jsonschema.Draft202012Validator(
        schema.get_class_schema("detection_finding", ["cloud"])
    )
    for each in events:
        validator.validate(each)


def asff(text: str) -> None:
    service = botocore.session.get_session().get_service_model("securityhub")
    shape = service.operation_model("BatchImportFindings").input_shape
    imported = {"Findings": json.loads(text)}
    report = ParamValidator().validate(imported, shape)
    assert not report.has_errors(), report.generate_report()
    assert list(unlisted(shape, imported)) == []
    for each in imported["Findings"]:
        assert re.fullmatch(r"\d{12}", each["AwsAccountId"])
        assert len(each["Title"]) <= 256
        assert len(each["Description"]) <= 1024
        assert each["ProductArn"].count(each["AwsAccountId"]) == 2
        assert len(each["Resources"]) >= 1


def unlisted(shape: Any, value: Any) -> Iterator[tuple[str, str]]:
    """Words that a shape of botocore has no place for, which its own validation lets pass."""
    match value:
        case dict():
            for name, each in value.items():
                yield from unlisted(shape.members[name], each)
        case list():
            for each in value:
                yield from unlisted(shape.member, each)
        case str() if getattr(shape, "enum", ()) and value not in shape.enum:
            yield shape.name, value


def backstage(text: str) -> None:
    entities = list(yaml.safe_load_all(text))
    assert {each["metadata"]["annotations"]["amazonaws.com/arn"] for each in entities} == names()
    known = {each["metadata"]["name"] for each in entities}
    assert len(known) == len(entities)
    for each in entities:
        assert re.fullmatch(r"[A-Za-z0-9][-A-Za-z0-9_.]{0,62}", each["metadata"]["name"])
        assert {name.rpartition("/")[2] for name in each["spec"]["dependsOn"]} <= known


def graphml(text: str) -> None:
    graph = networkx.parse_graphml(text, force_multigraph=True)
    assert set(graph) == names()
    assert graph.number_of_edges() == 3 * LOOPS
    assert {data["verdict"] for _, data in graph.nodes(data=True)} == {"live"}


def gexf(text: str) -> None:
    graph = networkx.read_gexf(io.BytesIO(text.encode()))
    assert set(graph) == names()
    assert graph.number_of_edges() == 3 * LOOPS


def exact(text: str) -> Iterator[str]:
    """The ids of nodes, exactly as they are in the report."""
    loops = document()["loops"]
    return (edge["source"] for loop in loops for edge in loop["edges"])


def cytoscape(text: str) -> None:
    elements = json.loads(text)["elements"]
    assert {each["data"]["id"] for each in elements["nodes"]} == set(exact(text))
    assert len(elements["edges"]) == 3 * LOOPS


def ndjson(text: str) -> None:
    values = [json.loads(line) for line in text.splitlines()]
    assert {each["id"] for each in values if each["type"] == "node"} == set(exact(text))
    assert sum(each["type"] == "edge" for each in values) == 3 * LOOPS


def dot(text: str) -> None:
    if not (program := shutil.which("dot")):
        pytest.skip("Graphviz is not installed: DOT was not read back")
    drawn = subprocess.run(
        [program, "-Tjson0"], input=text.encode(), capture_output=True, check=True, timeout=60
    )
    graph = json.loads(drawn.stdout)
    assert len(graph["objects"]) == len(names())
    assert len(graph["edges"]) == 3 * LOOPS
    assert b"Warning" not in drawn.stderr
    assert b"Error" not in drawn.stderr


NODE = re.compile(r'  n\d+\["[^"]*"\]')
LINK = re.compile(r'  n\d+ (-->|==>|-\.->)\|"[^"]*"\| n\d+')


def mermaid(text: str) -> None:
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    assert sum(bool(NODE.fullmatch(line)) for line in lines) == len(names())
    assert sum(bool(LINK.fullmatch(line)) for line in lines) == 3 * LOOPS
    assert [line for line in lines if not (NODE.fullmatch(line) or LINK.fullmatch(line))] == [
        "  classDef loop stroke-width:3px",
        f"  class {','.join(f'n{n}' for n in range(len(names())))} loop",
    ]


STRING = r'"(?:[^"\\]|\\.)*"'
BOX = re.compile(rf"n\d+(\.tooltip|\.style\.stroke)?: {STRING}")
ARROW = re.compile(rf"n\d+ -> n\d+: {STRING} \{{[-a-z.#0-9:; \"]* \}}")


def d2(text: str) -> None:
    first, *lines = text.split("\n")
    assert first == "direction: right"
    assert sum(bool(ARROW.fullmatch(line)) for line in lines) == 3 * LOOPS
    assert all(BOX.fullmatch(line) or ARROW.fullmatch(line) or not line for line in lines)


def svg(text: str) -> None:
    root = ElementTree.fromstring(text)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "g", "rect", "path", "text", "title", "circle", "style", "desc"}
    assert not [key for each in root.iter() for key in each.attrib if key.startswith("on")]


def drawio(text: str) -> None:
    root = ElementTree.fromstring(text)
    assert len(root.findall("diagram")) == LOOPS
    boxes = [each for each in root.iter("object") if each.get("id", "").startswith("box")]
    assert {each.get("tooltip") for each in boxes} == {
        edge["source"] for loop in legible(document())["loops"] for edge in loop["edges"]
    }
    assert not [each for each in root.iter("mxCell") if "html=1" in each.get("style", "")]


def pdf(text: bytes) -> None:
    assert text.startswith(b"%PDF-")
    if not (program := shutil.which("pdftotext")):
        pytest.skip("poppler-utils is not installed: the PDF was not read back")
    read = subprocess.run(
        [program, "-", "-"], input=text, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    assert "Nothing in the configuration stops it." in read
    assert "<script>alert(1)</script>#6#" in "".join(read.split())


def png(text: bytes) -> None:
    assert text.startswith(b"\x89PNG")
    width, height = (int.from_bytes(text[at : at + 4]) for at in (16, 20))
    assert width * height <= 12_000_000


READERS: dict[str, Callable[[Any], None]] = {
    "html": html,
    "markdown": markdown,
    "text": plain,
    "json": lambda text: jsonschema.validate(json.loads(text), json_report.schema()),
    "csv": rows,
    "junit": junit,
    "sarif": sarif,
    "ocsf": found,
    "asff": asff,
    "backstage": backstage,
    "graphml": graphml,
    "gexf": gexf,
    "cytoscape": cytoscape,
    "ndjson": ndjson,
    "dot": dot,
    "mermaid": mermaid,
    "d2": d2,
    "svg": svg,
    "drawio": drawio,
    "pdf": pdf,
    "png": png,
}


def test_every_format_has_a_reader() -> None:
    assert READERS.keys() == formats().keys()


@pytest.mark.parametrize("name", READERS)
def test_somebody_elses_reader_understands_it_whatever_people_called_their_resources(
    name: str,
) -> None:
    made = written(name)
    READERS[name](made if formats()[name].is_binary else made.decode("utf-8"))


def test_the_documentation_lists_every_format_with_what_it_holds() -> None:
    told = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    for each in formats().values():
        extra = f" (needs `loopscope[{each.extra}]`)" if each.extra else ""
        about = f"{each.about[0].upper()}{each.about[1:]}{extra}"
        use = each.use.value.lower()
        assert f"| `{each.name}` | {use} | {about} | `.{each.extension}` |" in told


def test_a_loop_that_is_not_told_in_full_is_named_by_its_fingerprint() -> None:
    whole = example()
    shown = page(frame.paper(legible(whole), 2))
    text = " ".join("".join(shown.text).split())
    told = [value for tag, name, value in shown.attributes if (tag, name) == ("article", "id")]
    assert told == ["loop-1", "loop-2"]
    assert f"{len(whole['loops']) - 2} loops of the list are not told in full here." in text
    assert all(loop["fingerprint"] in text for loop in whole["loops"])


def test_a_report_has_the_colours_of_the_pages() -> None:
    site = (settings.STATICFILES_DIRS[0] / "site.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", site, re.DOTALL)[:2]
    for block, colours in ((light, palette.LIGHT), (dark, palette.DARK)):
        named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", block))
        assert {name: named.get(name) for name in colours} == colours


def test_equal_reports_are_equal_bytes_in_what_an_extra_makes_too() -> None:
    pytest.importorskip("weasyprint")
    for name in ("pdf", "png"):
        assert written(name) == written(name)
