"""Functions in JavaScript and TypeScript: what must be found in each, and whether that is all."""

from __future__ import annotations

from pathlib import Path

from tests.evidence.code.handler import Handler

FOLDER = Path(__file__).parent / "handlers" / "javascript"
# The file, its calls, and whether the reading is complete.
TABLE = (
    ("asyncgen.js", "", False),
    ("await_import.js", "s3:PutObject", True),
    ("bad.js", "", False),
    ("bind.js", "s3:PutObject", False),
    ("cmdarg.js", "s3:PutObject", True),
    ("cmdlist.js", "s3:PutObject", True),
    ("computedcmd.js", "", False),
    ("computedop.js", "", False),
    ("cp.js", "", False),
    ("ctor.js", "", False),
    ("deep.js", "", False),
    ("document.mjs", "dynamodb:PutItem", True),
    ("dynimp.js", "", False),
    ("dynreq.js", "", False),
    ("eval.js", "", False),
    ("evalu.js", "", False),
    ("events.mjs", "events:PutEvents", True),
    ("export.js", "", False),
    ("exportstar.js", "", False),
    ("extends.js", "", False),
    ("factory.js", "", False),
    ("fetch.js", "", False),
    ("forin.js", "", False),
    ("getter.js", "s3:PutObject", False),
    ("gfetch.js", "", False),
    ("hidden.js", "", False),
    ("http.js", "", False),
    ("indirecteval.js", "", False),
    ("key_basename.js", "s3:PutObject", True),
    ("key_concat.js", "s3:PutObject", True),
    ("key_decoded.js", "s3:PutObject", True),
    ("key_end.js", "s3:PutObject", True),
    ("key_every.js", "s3:PutObject", True),
    ("key_first.js", "s3:PutObject", True),
    ("key_insensitive.js", "s3:PutObject", True),
    ("key_lit.js", "s3:PutObject", True),
    ("key_lower.js", "s3:PutObject", True),
    ("key_plus.js", "s3:PutObject", True),
    ("key_pop.js", "s3:PutObject", True),
    ("key_repl.js", "s3:PutObject", True),
    ("key_same.js", "s3:PutObject", True),
    ("key_slice.js", "s3:PutObject", True),
    ("key_start.js", "s3:PutObject", True),
    ("key_ternary.js", "s3:PutObject", True),
    ("key_tpl.js", "s3:PutObject", True),
    ("memo.js", "s3:PutObject", True),
    ("memo2.js", "s3:PutObject", True),
    ("missing.js", "", False),
    ("mw.js", "", False),
    ("newfn.js", "", False),
    ("nothing.js", "", True),
    ("optcall.js", "s3:PutObject", True),
    ("procbind.js", "", False),
    ("promise.js", "", False),
    ("queue.mjs", "sqs:SendMessage", True),
    ("reads_only.js", "", True),
    ("reqalias.js", "", False),
    ("reqcache.js", "", False),
    ("reqresolve.js", "", False),
    ("self.js", "", False),
    ("strsub.js", "s3:PutObject", True),
    ("thenimport.js", "", False),
    ("this.js", "", False),
    ("throwc.js", "", False),
    ("tpl.js", "s3:PutObject", True),
    ("typescript.ts", "s3:PutObject", True),
    ("unicode.js", "", False),
    ("upload.mjs", "s3:CompleteMultipartUpload s3:PutObject", True),
    ("v2_clients.js", "s3:PutObject", True),
    ("v2_document.js", "dynamodb:PutItem", True),
    ("v2destr.js", "", False),
    ("v2escape.js", "", False),
    ("v2global.js", "", False),
    ("v2inline.js", "s3:PutObject", True),
    ("v2iter.js", "", False),
    ("v2map.js", "", False),
    ("v2name.js", "", False),
    ("v2spread.js", "", False),
    ("wrapper.js", "s3:PutObject", True),
)


def _handler(file: str, calls: str, complete: bool) -> Handler:
    name = file.rsplit(".", 1)[0]
    service_and_operation = [call.split(":") for call in calls.split()]
    return Handler(
        name,
        {file: (FOLDER / file).read_bytes()},
        f"{name}.handler",
        tuple((service, operation) for service, operation in service_and_operation),
        complete,
    )


HANDLERS: tuple[Handler, ...] = tuple(_handler(*row) for row in TABLE)
