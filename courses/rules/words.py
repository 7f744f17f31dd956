"""The rules in words: for the learner, and for the trainer who sets them."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from courses.rules import completing
from courses.rules.completing import CompletionRule
from courses.rules.releasing import Lock, ReleaseRule
from lms.core.i18n import day as write_day
from lms.core.i18n import percent


def word_need(rule: CompletionRule) -> str:
    """Return what the learner has to do for a lesson to count as done."""
    words = {
        completing.READ: _("Read it to the end"),
        completing.MINUTES: ngettext(
            "Study it for at least %(num)s minute",
            "Study it for at least %(num)s minutes",
            rule.minutes,
        ),
        completing.WATCHED: _("Watch at least %(share)s of it", share=_share(rule)),
        completing.PACKAGE: _("Finish it in its frame"),
        completing.QUIZ: _("Pass the quiz"),
        completing.HANDED_IN: _("Hand in your work"),
        completing.MARKED: _("Hand in work that the trainer accepts"),
        completing.CONFIRMED: _("Take part; the trainer or HR confirms it"),
    }
    return words[rule.rule]


def word_lock(lock: Lock) -> str:
    """Return why a lesson is not open yet."""
    titles = "”, “".join(lock.waits_for)
    if lock.waits_for and lock.opens_on:
        opens_on = write_day(lock.opens_on)
        return _("Opens after “%(titles)s”, from %(day)s on", titles=titles, day=opens_on)
    if lock.opens_on:
        return _("Opens on %(day)s", day=write_day(lock.opens_on))
    return _("Opens after “%(titles)s”", titles=titles)


def describe_completion(rule: CompletionRule) -> str:
    """Return the sentence that tells a trainer when learners complete a lesson."""
    sentences = {
        completing.READ: _("Learners complete the lesson when they have read it to the end."),
        completing.MINUTES: ngettext(
            "Learners complete the lesson when it was open for %(num)s minute.",
            "Learners complete the lesson when it was open for %(num)s minutes.",
            rule.minutes,
        ),
        completing.WATCHED: _(
            "Learners complete the lesson when they have watched %(share)s of it.",
            share=_share(rule),
        ),
        completing.PACKAGE: _("Learners complete the lesson when its package says so."),
        completing.QUIZ: _("Learners complete the lesson when they pass the quiz."),
        completing.HANDED_IN: _("Learners complete the lesson when they hand in their work."),
        completing.MARKED: _("Learners complete the lesson when a trainer accepts their work."),
        completing.CONFIRMED: _(
            "Learners complete the lesson when a trainer or HR confirms that they took part."
        ),
    }
    return sentences[rule.rule]


def describe_release(
    rule: ReleaseRule, titles: Mapping[str, str], audiences: Mapping[str, str], *, in_order: bool
) -> str:
    """Return the sentences that tell a trainer when a lesson opens, and for whom it counts.

    ``titles`` are those of the course's lessons by key, ``audiences`` names by key.
    """
    opens_by_itself = not titles.get(rule.after) and not rule.opens_on
    if in_order and opens_by_itself:
        sentences = [_("It opens when the required lessons before it are done.")]
    else:
        sentences = [_opening(rule, titles)]
        sentences += [_("The required lessons before it come first.")] if in_order else []
    if rule.audiences:
        names = ", ".join(sorted(audiences.get(key, key) for key in rule.audiences))
        sentences.append(
            _(
                "Only %(audiences)s have to do it; for everyone else it is by choice.",
                audiences=names,
            )
        )
    return " ".join(sentences)


def _opening(rule: ReleaseRule, titles: Mapping[str, str]) -> str:
    after = titles.get(rule.after)
    if after and rule.opens_on:
        opens_on = write_day(rule.opens_on)
        return _("It opens after “%(title)s”, from %(day)s on.", title=after, day=opens_on)
    if after:
        return _("It opens after “%(title)s”.", title=after)
    if rule.opens_on:
        return _("It opens on %(day)s.", day=write_day(rule.opens_on))
    return _("It opens at once.")


def _share(rule: CompletionRule) -> str:
    return percent(rule.share / 100, 0)
