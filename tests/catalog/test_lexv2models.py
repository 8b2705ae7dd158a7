"""Lex: the functions behind the aliases of bots."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

[BOT] = items("lexv2-models/list_bots.one")
[LISTED] = items("lexv2-models/list_bot_aliases.one")
ALIAS = arn("lex", "bot-alias/BOT1234567/ALIAS12345")


def test_an_alias_has_a_function_per_language():
    facts = read("lexv2-models/describe_bot_alias.languages", LISTED, BOT)
    assert [(each.arn, each.kind) for each in resources(facts)] == [(ALIAS, "lex.botalias")]
    english, german = edges(facts)
    assert (english.source, english.target) == (ALIAS, arn("lambda", "function:talk"))
    assert (english.kind, english.meaning, english.label) == ("lex.hook", Meaning.TRIGGERS, "en_GB")
    assert (german.label, german.attributes) == ("de_DE", {"qualifier": "live"})
    assert [english.dormant, german.dormant] == ["", "the alias does not speak this language"]


def test_an_alias_without_a_function_leads_nowhere():
    assert edges(read("lexv2-models/describe_bot_alias.no_hook", LISTED, BOT)) == []


def test_no_description_is_kept():
    assert "canary" not in repr(read("lexv2-models/describe_bot_alias.languages", LISTED, BOT))
