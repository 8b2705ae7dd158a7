"""What people read of verdicts, evidence and filters, for an engineer who was woken at two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from topology.graph import GLOBAL, Meaning
from topology.reports.document import Told, place
from topology.verdict import HARMLESS, LoopVerdict, ScopeVerdict

VERDICTS = {
    "live": ("Live", "Nothing in the configuration stops it."),
    "guarded": ("Guarded", "It goes round until AWS’s recursion guard cuts it."),
    "possible": ("Possible", "Nothing forbids it, but it is not proven."),
    "retry-storm": ("Retry storm", "It closes only through failure paths."),
    "blocked": ("Blocked", "It does not go round today: something stops it."),
    "accepted": ("Accepted", "Somebody looked at this loop and accepted it."),
}

EVIDENCE = {
    "declared": "The configuration says so.",
    "observed": "It was seen happening.",
    "coded": "The function’s code does it.",
    "configured": "An environment variable names the target, and the role allows the write.",
    "permitted": "The role allows it. Whether the code does it was not seen.",
    "permitted-any": "The role allows it for any resource of this kind. Whether the code does it "
    "was not seen.",
}

MEANINGS = {
    "triggers": "triggers",
    "writes": "writes to",
    "on-failure": "sends failures to",
    "forwards": "passes on to",
}

LANGUAGES = {
    "s3": "S3 notification",
    "cloudtrail": "CloudTrail event selector",
    "eventbridge": "EventBridge pattern",
    "sns": "SNS filter policy",
    "lambda": "Lambda filter criteria",
    "pipes": "Pipes filter criteria",
    "logs": "CloudWatch Logs pattern",
    "iot": "IoT SQL",
}


EFFORTS = {
    "narrow": "Narrow a filter",
    "affix": "Ask for a prefix or suffix",
    "switch": "Switch it off",
    "separate": "Give it a place of its own",
    "permission": "Take a permission away",
    "code": "Change the configuration itself",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """What a page says first; ``verdict`` is the scope's, and chooses colour and sign."""

    verdict: str
    title: str
    detail: str


def headline(report: Mapping[str, Any] | None, *, is_judged_anew: bool = False) -> Headline:
    """The scope's verdict in words. Only ``no-loop-within-scope`` may ever sound clear."""
    if report is None and is_judged_anew:
        return Headline(
            ScopeVerdict.INCOMPLETE.value,
            "Being judged anew",
            "Whether code may lower a verdict has been changed, so what was read is being judged "
            "again. Until that is done, nothing can be said about its loops.",
        )
    if report is None:
        return Headline(
            ScopeVerdict.INCOMPLETE.value,
            "Nothing read yet",
            "No account of this workspace has been read completely, so nothing can be said "
            "about its loops.",
        )
    gaps = len(report["scope"]["gaps"]) + len(report["scope"]["stale"])
    match report["scope"]["verdict"]:
        case ScopeVerdict.LOOPS_FOUND:
            now = report.get("part", {}).get("verdicts_now")
            return _loops_found(now or Counter(loop["verdict"] for loop in report["loops"]), gaps)
        case ScopeVerdict.NO_LOOP:
            return _no_loop(report)
    missing = counted(gaps, "gap") if gaps else "planned reads that did not finish"
    return Headline(
        ScopeVerdict.INCOMPLETE.value,
        "Incomplete: this is not an all-clear",
        f"No loop was found in what could be read, but {missing} could hide one.",
    )


def _no_loop(report: Mapping[str, Any]) -> Headline:
    """A clear verdict; what somebody accepted is named in the same breath."""
    loops = sum(loop["verdict"] == LoopVerdict.ACCEPTED for loop in report["loops"])
    gaps = counted(len(report["scope"]["accepted_gaps"]), "accepted gap")
    title = "No other loop within scope" if loops else "No loop within scope"
    complete = "Every planned read was complete"
    if report["scope"]["accepted_gaps"]:
        complete += f", but for {gaps}"
    if loops:
        kept = f"{counted(loops, 'loop')} still close{'s' if loops == 1 else ''}"
        said = f"{complete}. {kept}: somebody accepted {'it' if loops == 1 else 'them'}."
    elif report["scope"]["accepted_gaps"]:
        said = f"{complete}. Nothing read closes a loop."
    else:
        said = f"{complete}, and nothing that was read closes a loop."
    return Headline(ScopeVerdict.NO_LOOP.value, title, said)


def _loops_found(numbers: Mapping[str, int], gaps: int) -> Headline:
    dangerous = {
        verdict: numbers[verdict]
        for verdict in LoopVerdict
        if numbers.get(verdict) and verdict not in HARMLESS
    }
    named = [f"{number} {verdict_name(verdict).lower()}" for verdict, number in dangerous.items()]
    total = sum(dangerous.values())
    detail = f"{', '.join(named)}."
    if gaps:
        detail += f" The reading is incomplete too: {counted(gaps, 'gap')} could hide more."
    return Headline(ScopeVerdict.LOOPS_FOUND.value, f"{counted(total, 'loop')} found", detail)


def verdict_name(verdict: str) -> str:
    """``retry-storm`` as people read it: ``Retry storm``."""
    return VERDICTS[verdict][0] if verdict in VERDICTS else verdict.capitalize()


def verdict_sentence(verdict: str) -> str:
    """What a loop's verdict means for the one who has to decide."""
    return VERDICTS[verdict][1] if verdict in VERDICTS else ""


def evidence_sentence(edge: Mapping[str, Any]) -> str:
    """Why an edge is believed; names the environment variable where that is the reason."""
    sentence = EVIDENCE.get(edge["evidence"], str(edge["evidence"]))
    if variable := edge["attributes"].get("variable"):
        return sentence.replace("An environment variable", f"Environment variable {variable}")
    return sentence


PROOFS = {
    "declared": "Declared",
    "observed": "Observed",
    "coded": "In the code",
    "configured": "Configured",
    "permitted": "Permitted",
    "permitted-any": "Permitted",
}


LOOP_CHANGES = {
    "new": "New",
    "graver": "Graver",
    "milder": "Milder",
    "gone": "No longer there",
    "unseen": "No longer seen",
}


def loop_change(word: str) -> str:
    """What became of a loop since another reading, as people read it."""
    return LOOP_CHANGES.get(word, word)


def proof_name(kind: str) -> str:
    """A kind of evidence in a word or two."""
    return PROOFS.get(kind, kind)


def age(as_of: str | None, now: datetime | None = None) -> str:
    """How long ago a reading was, in words: ``3 hours ago``; of ``now``, UTC."""
    if not as_of:
        return "kept from an earlier reading"
    passed = (now or datetime.now(UTC)) - datetime.fromisoformat(as_of)
    for seconds, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if (number := int(passed.total_seconds() // seconds)) >= 1:
            return f"read {counted(number, unit)} ago"
    return "read just now"


def cut_title(cut: Mapping[str, Any]) -> str:
    """What a cut does, each kind of change once: ``Narrow a filter, switch it off``."""
    kinds = dict.fromkeys(change["effort"] for change in cut["changes"])
    title = ", ".join(EFFORTS.get(kind, kind).lower() for kind in kinds)
    return title[:1].upper() + title[1:]


def cut_reach(cut: Mapping[str, Any]) -> str:
    """How much a cut changes, and how far it reaches."""
    told, loops = len(cut["changes"]), len(cut["stops"])
    changes = counted(told, "change")
    if cut.get("changes_in_all", told) > told:
        changes = f"{told} of {counted(cut['changes_in_all'], 'change')}"
        return f"{changes}; all of them leave nothing of any loop in the component"
    if not cut["whole"]:
        return f"{changes}; other loops through the same resources go on"
    return f"{changes}; nothing is left of {counted(loops, 'loop')}"


def cut_proof(cut: Mapping[str, Any]) -> str:
    """How a cut was found, and what that proves."""
    proof = "Tried: with it applied, the analysis finds the loop stopped."
    match cut["method"]:
        case "exact":
            return f"{proof} No set of changes that costs less would do."
        case "heuristic":
            return f"{proof} There are too many edges to say whether less would do."
    return proof


def lines(group: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The arrows of an overview's group as sentences: two boxes, and what one does to the other."""
    for arrow in group["arrows"]:
        verb = MEANINGS.get(arrow["meaning"], arrow["meaning"])
        if arrow["hearsay"] and arrow["meaning"] == Meaning.WRITES:
            verb = "may write to"
        yield {
            "source": group["boxes"][arrow["source"]],
            "target": group["boxes"][arrow["target"]],
            "words": f"{verb} (switched off)" if arrow["dormant"] else verb,
            "in_loop": arrow["in_loop"],
        }


def code_read(row: Mapping[str, Any]) -> str:
    """Whether and how a function's code was read, and what that showed."""
    if row["not_read"]:
        return f"Not read: {row['not_read']}. Nothing is concluded from that."
    said = str(row["how"])
    if row["services"]:
        said += f" They name {', '.join(row['services'])}."
    if row["sdk"]:
        said += f" The package brings {row['sdk']}."
    return said


def language_name(language: str) -> str:
    """``eventbridge.pattern`` as ``EventBridge pattern``."""
    return LANGUAGES.get(language.partition(".")[0], language)


def counted(number: int, thing: str) -> str:
    """``1 gap``, ``2 gaps``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def loop_place(loop: Told) -> str:
    """Where a loop runs, in few words: ``111122223333, eu-west-1``; empty where nobody knows.

    An organisation has the same names in every account and Region.
    """
    places = [place(edge, "source") for edge in loop["edges"]]
    accounts, regions = ({each[n] for each in places} - {"", GLOBAL} for n in (0, 1))
    told = (_one_or_how_many(accounts, "account"), _one_or_how_many(regions, "Region"))
    return ", ".join(filter(None, told))


def _one_or_how_many(names: Set[str], thing: str) -> str:
    return min(names, default="") if len(names) < 2 else counted(len(names), thing)
