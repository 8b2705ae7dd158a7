"""Template tags: signs, words and JSON, every one of them escaped text or a path of our own."""

from __future__ import annotations

from itertools import groupby

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from topology.reports import diagram, glyphs, heading, map_scene, svg, wording
from topology.reports import prose as prose_of
from topology.reports.formats import Format, formats
from topology.reports.prose import Style
from topology.web import cards, hearings, supposals

register = template.Library()

SHAPES = {Style.PLAIN: "{}", Style.VALUE: "<code>{}</code>", Style.NAME: "<b>{}</b>"}

register.filter("lines", wording.lines)
register.filter("pretty", prose_of.pretty)
register.filter("moment", heading.moment)
register.filter("does", diagram.does)
register.filter("passes", diagram.passes)
register.filter("verdict_name", wording.verdict_name)
register.filter("verdict_sentence", wording.verdict_sentence)
register.filter("evidence_sentence", wording.evidence_sentence)
register.filter("proof_name", wording.proof_name)
register.filter("loop_place", wording.loop_place)
register.filter("age", wording.age)
register.filter("cut_title", wording.cut_title)
register.filter("cut_reach", wording.cut_reach)
register.filter("cut_proof", wording.cut_proof)
register.filter("loop_change", wording.loop_change)
register.filter("code_read", wording.code_read)
register.filter("language_name", wording.language_name)
register.filter("resource_id", map_scene.id_of)
register.filter("trying", supposals.trying)
register.filter("reach_word", hearings.reach_word)


register.simple_tag(cards.card, takes_context=True)


@register.simple_tag
def verdict_sign(verdict: str) -> SafeString:
    """The sign of a verdict; its word always stands beside it, so it is hidden from readers."""
    return format_html(
        '<svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        '<path fill="currentColor" fill-rule="evenodd" d="{}"/></svg>',
        glyphs.verdict(verdict),
    )


@register.simple_tag
def severity_sign(severity: str) -> SafeString:
    """The sign of a severity; its word always stands beside it."""
    return format_html(
        '<svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        '<path fill="currentColor" d="{}"/></svg>',
        glyphs.severity(severity),
    )


@register.simple_tag
def proof_sign(kind: str) -> SafeString:
    """The sign of a kind of evidence; its word always stands beside it."""
    return format_html(
        '<svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        '<path class="glyph" d="{}"/></svg>',
        glyphs.proof(kind),
    )


@register.simple_tag
def service_sign(kind: str) -> SafeString:
    """The sign of a kind of resource, with the kind's name for people who do not see it."""
    return format_html(
        '<svg class="glyph-box" viewBox="0 0 16 16" width="16" height="16" role="img"'
        ' aria-label="{}">{}</svg>',
        diagram.title_of(kind),
        # Only our own paths and escaped text: the element tree wrote it.
        mark_safe(svg.markup(glyphs.service(kind, 0, 0))),  # noqa: S308
    )


@register.simple_tag
def wordmark() -> SafeString:
    """The product's own sign: a way round that does not quite close."""
    return mark_safe(
        '<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">'
        '<path d="M10 3a7 7 0 1 1-6.1 3.6" fill="none" stroke="currentColor" stroke-width="2.4"'
        ' stroke-linecap="round"/><path d="M10.6 0v6L6.6 3z" fill="currentColor"/></svg>'
    )


@register.filter
def prose(sentence: str) -> SafeString:
    """A sentence whose `values`, "values" and *names* stand out; all of it is escaped."""
    pieces = prose_of.pieces(str(sentence))
    return SafeString("".join(format_html(SHAPES[style], text) for style, text in pieces))


@register.simple_tag
def exports() -> list[tuple[str, list[Format]]]:
    """Every format of a report, by what it is for."""
    return [
        (use.value, list(found))
        for use, found in groupby(formats().values(), lambda each: each.use)
    ]


@register.filter
def shorten(text: object, cells: int) -> str:
    """A name in at most ``cells`` columns, its middle left out."""
    return svg.shorten(str(text), cells)
