"""Commands about certificates."""

import hashlib
import time
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from certificates import jobs, queries, services
from certificates.verdict import UNKNOWN, Verdict, verdict_on
from courses.queries import find_course
from lms.core.clock import today
from lms.core.commands import Day, answer, changing, json_option, refusing
from lms.core.errors import Refused


@click.group("certificates", cls=AppGroup)
def certificates() -> None:
    """Issue, make, check and revoke certificates."""


@certificates.command("issue")
@click.option("--course", "slug", required=True, help="The course's slug.")
@json_option
def issue(slug: str, as_json: bool) -> None:
    """Issue what completions of a course have not left yet."""
    with refusing():
        course = find_course(slug)
        if course is None:
            raise Refused(f"There is no course {slug!r}.")
        if queries.find_issuer(today()) is None:
            raise Refused("No issuing body is in force today: see `certificates appoint`.")
    course_id, already = course.id, queries.count_of_course(course.id)
    issued = jobs.issue_missing(course_id)
    answer(
        as_json,
        {"issued": issued, "already": already},
        f"{issued} issued, {already} had been already.",
    )


@certificates.command("render")
@click.option(
    "--pending",
    is_flag=True,
    expose_value=False,
    help="Those that wait: the only ones there are, since none is ever made twice.",
)
@json_option
def render(as_json: bool) -> None:
    """Make the PDFs that wait to be made."""
    start = time.perf_counter()
    rendered = jobs.render_waiting()
    per_second = round(rendered / (time.perf_counter() - start), 1)
    answer(
        as_json,
        {"rendered": rendered, "per_second": per_second},
        f"{rendered} made, {per_second} a second.",
    )


@certificates.command("verify")
@click.argument("paper", metavar="FILE.pdf|TOKEN")
@json_option
def verify(paper: str, as_json: bool) -> None:
    """Say whether a file is a certificate as it was issued, or what a token stands for."""
    path = Path(paper)
    verdict = _verdict_on_file(path.read_bytes()) if path.is_file() else _verdict_on_token(paper)
    answer(
        as_json,
        {
            "state": verdict.state,
            "number": verdict.number,
            "holder": verdict.holder,
            "course": verdict.course,
            "issued_on": verdict.issued_on,
        },
        verdict.state,
        *([f"{verdict.number}, {verdict.holder}, {verdict.course}"] if verdict.number else []),
    )


@certificates.command("revoke")
@click.argument("number")
@click.option("--reason", required=True, help="Shown to whoever checks the certificate.")
@json_option
def revoke(number: str, reason: str, as_json: bool) -> None:
    """Declare a certificate void."""
    with changing():
        certificate = queries.find_by_number(number)
        if certificate is None:
            raise Refused(f"There is no certificate {number!r}.")
        services.revoke(certificate, reason)
    answer(as_json, {"number": number, "state": "revoked"}, f"{number} is revoked.")


@certificates.command("appoint")
@click.option("--name", required=True, help="The issuing body, as printed: SỞ NỘI VỤ.")
@click.option("--parent-name", default="", help="The body above it: UBND TỈNH BẮC NINH.")
@click.option("--symbol", required=True, help="Behind the number: GCN-SNV.")
@click.option("--place", required=True, help="Where it signs: Bắc Ninh.")
@click.option("--signer-post", required=True, help="GIÁM ĐỐC, or PHÓ GIÁM ĐỐC with an authority.")
@click.option("--signer-name", required=True)
@click.option("--signer-authority", default="", help="KT. GIÁM ĐỐC, when a deputy signs.")
@click.option("--title", default="GIẤY CHỨNG NHẬN", show_default=True, help="Name of the paper.")
@click.option("--from", "valid_from", type=Day(), required=True, help="The first day.")
@json_option
def appoint(as_json: bool, valid_from: date, **words: str) -> None:
    """Let a body issue certificates from a day on, under one signature."""
    with changing():
        issuer = services.appoint_issuer(valid_from=valid_from, **words)
        fact = {"name": issuer.name, "symbol": issuer.symbol, "valid_from": issuer.valid_from}
    answer(as_json, fact, f"{fact['name']} issues from {valid_from.isoformat()} on.")


def _verdict_on_token(text: str) -> Verdict:
    """Judge a token, or the whole address that carries it."""
    certificate = queries.find_by_token(text.rpartition("/verify/")[2].strip())
    return verdict_on(certificate, today()) if certificate else UNKNOWN


def _verdict_on_file(data: bytes) -> Verdict:
    """Judge a file: exactly as issued, or one that only says it is."""
    certificate = queries.find_by_sha256(hashlib.sha256(data).hexdigest())
    if certificate is not None:
        return verdict_on(certificate, today())
    from certificates.pdf.reading import find_token  # noqa: PLC0415 - heavy, and rarely needed

    token = find_token(data)
    certificate = queries.find_by_token(token) if token else None
    return verdict_on(certificate, today(), altered=True) if certificate else UNKNOWN


COMMANDS = (certificates,)
