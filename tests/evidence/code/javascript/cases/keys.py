"""How functions make the key that they write of the key that they were started with."""

# ruff: noqa: E501 (one line for each)
from __future__ import annotations

from tests.evidence.code.javascript.cases.case import ANYTHING, BUCKET, KEY, RAW, Case, put
from topology.sets.recipes import (
    Cased,
    Either,
    Joined,
    Known,
    Part,
    Recipe,
    Replaced,
    Setting,
    Stripped,
    Trimmed,
)

FRAME = """import {{ PutObjectCommand, S3Client }} from "@aws-sdk/client-s3";
import type {{ S3Event }} from "aws-lambda";
import * as path from "path";

const client = new S3Client({{ region: process.env.AWS_REGION }});

export const handler = async (event: S3Event): Promise<void> => {{
  for (const record of event.Records) {{
    const key: string = decodeURIComponent(record.s3.object.key.replace(/\\+/g, " "));
    {before}
    await client.send(new PutObjectCommand({{
      Bucket: process.env.BUCKET,
      Key: {key},
      Body: JSON.stringify(record),
    }}));
  }}
}};
console.log(path.sep);
"""
BASE = Part(Stripped(KEY, "/", "end"), "/", "after", "last")
NAME = Either((Part(BASE, ".", "before", "last"), BASE))


def joined(*parts: Recipe) -> Recipe:
    return Joined(parts)


# The name, what is done before, the key's expression, and what it is.
TABLE: tuple[tuple[str, str, str, Recipe], ...] = (
    ("same", "", "key", KEY),
    ("raw", "", "record.s3.object.key", RAW),
    ("literal", "", '"report.json"', Known("report.json")),
    ("first", "", 'key.replace(".csv", ".json")', Replaced(KEY, ".csv", ".json", "first")),
    ("at_end", "", 'key.replace(/\\.csv$/, ".json")', Replaced(KEY, ".csv", ".json", "end")),
    ("at_start", "", 'key.replace(/^in\\//, "out/")', Replaced(KEY, "in/", "out/", "start")),
    ("every", "", 'key.replace(/\\.csv/g, ".json")', Replaced(KEY, ".csv", ".json", "every")),
    ("all", "", 'key.replaceAll("in/", "out/")', Replaced(KEY, "in/", "out/", "every")),
    ("insensitive", "", 'key.replace(/\\.csv$/i, ".json")', ANYTHING),
    ("referring", "", 'key.replace("a", "$&")', ANYTHING),
    ("called_back", "", 'key.replace(/a/, (found) => found + ".csv")', ANYTHING),
    ("of_a_constant", "const end = /\\.csv$/;", 'key.replace(end, ".json")', Replaced(KEY, ".csv", ".json", "end")),
    ("template", "", "`out/${key}.json`", joined(Known("out/"), KEY, Known(".json"))),
    ("sum", "", '"out/" + key + ".json"', joined(Known("out/"), KEY, Known(".json"))),
    ("concatenated", "", '"out/".concat(key)', joined(Known("out/"), KEY)),
    ("of_a_setting", "", "`${process.env.PREFIX}/${key}`", joined(Setting("PREFIX"), Known("/"), KEY)),
    ("of_a_default", "const prefix = process.env.PREFIX ?? 'out/';", "prefix + key", joined(Setting("PREFIX", Known("out/")), KEY)),
    ("of_an_empty_setting", "const prefix = process.env.PREFIX || '';", "`${prefix}${key}`", joined(Setting("PREFIX", Known("")), KEY)),
    ("popped", "", 'key.split("/").pop()!', Part(KEY, "/", "after", "last")),
    ("popped_from_a_name", 'const parts = key.split("/"); const file = parts.pop();', "file", Part(KEY, "/", "after", "last")),
    ("left_by_pop", 'const parts = key.split("/"); parts.pop();', 'parts.join("/")', ANYTHING),
    ("at_the_last_place", 'const parts = key.split("/");', "parts[parts.length - 1]", Part(KEY, "/", "after", "last")),
    ("at_minus_one", "", 'key.split("/").at(-1)', Part(KEY, "/", "after", "last")),
    ("before_the_first", "", 'key.split(".")[0]', Part(KEY, ".", "before", "first")),
    ("taken_apart", 'const [folder] = key.split("/");', "folder", Part(KEY, "/", "before", "first")),
    ("second_of_some", 'const [, second] = key.split("/");', "second", ANYTHING),
    ("without_the_last", "", 'key.split("/").slice(0, -1).join("/")', Part(KEY, "/", "before", "last", False)),
    ("split_and_joined", "", 'key.split(".csv").join(".json")', Replaced(KEY, ".csv", ".json", "every")),
    ("sliced", "", '`${key.slice(0, -4)}.json`', joined(Trimmed(KEY, 0, 4), Known(".json"))),
    ("without_a_prefix", "", '"out/" + key.slice("in/".length)', joined(Known("out/"), Trimmed(KEY, 3))),
    ("up_to_the_last", "", 'key.substring(0, key.lastIndexOf(".")) + ".json"', joined(Part(KEY, ".", "before", "last", False), Known(".json"))),
    ("after_the_last", "", 'key.substring(key.lastIndexOf("/") + 1)', Part(KEY, "/", "after", "last")),
    ("base_name", "", "path.basename(key)", BASE),
    ("base_in_a_folder", "", 'path.join("out", path.basename(key))', Either((joined(Known("out/"), BASE), Known("out"), Known(".")))),
    ("parsed", "const { name } = path.parse(key);", "`out/${name}.json`", joined(Known("out/"), NAME, Known(".json"))),
    ("lower", "", "key.toLowerCase()", Cased(KEY, "lower")),
    ("trimmed", "", "key.trimEnd()", Stripped(KEY, "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", "end")),
    ("either", "", 'key.endsWith(".gz") ? key : "out/" + key', Either((KEY, joined(Known("out/"), KEY)))),
    ("branches", 'let to = "a.json"; if (key.length > 9) to = "b.json";', "to", Either((Known("a.json"), Known("b.json")))),
    ("loop", "let to = key; for (let i = 0; i < 2; i++) to = `x${to}`;", "to", Either((KEY, joined(Known("x"), ANYTHING)))),
    ("counted", "let part = 0; part++;", "`${key}/${part}`", joined(KEY, Known("/"), ANYTHING)),
    ("numbers", "", "event.Records.length + 1 + key", joined(ANYTHING, KEY)),
    ("random", "", "`${Date.now()}-${key}`", joined(ANYTHING, Known("-"), KEY)),
    ("of_an_object", 'const to = { key: "out/" + key };', "to.key", joined(Known("out/"), KEY)),
    ("of_a_changed_object", "const to = { path: key }; to.path = 'b';", "to.path", Either((KEY, Known("b")))),
)  # fmt: skip

CASES = tuple(
    Case(f"key_{name}", FRAME.format(before=before, key=key), (put(recipe, BUCKET),))
    for name, before, key, recipe in TABLE
)
