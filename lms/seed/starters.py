"""The starter courses and the body that issues their certificates."""

from pathlib import Path

from sqlalchemy import select

from certificates.models import Issuer
from certificates.services import appoint_issuer
from courses.formats import pack
from courses.queries import find_course
from courses.services.packs import import_pack
from courses.services.publishing import publish_draft
from lms.core.db import db
from lms.seed.province.rows import MERGER_ON

_CONTENT = Path(__file__).parent / "content"


def add_issuer() -> None:
    """Appoint the Sở Nội vụ to issue certificates, unless somebody is appointed already.

    The signer is a stand-in: the true one is appointed by whoever runs the installation.
    """
    if db.session.scalar(select(Issuer.id).limit(1)) is not None:
        return
    appoint_issuer(
        "SỞ NỘI VỤ",
        "GCN-SNV",
        parent_name="UBND TỈNH BẮC NINH",
        place="Bắc Ninh",
        signer_post="GIÁM ĐỐC",
        signer_name="Người Ký Mẫu",
        valid_from=MERGER_ON,
    )


def add_starter_courses() -> list[str]:
    """Import and publish those starter courses that are not there; return the slugs of all.

    A course that is there already is its trainer's business, whatever became of it.
    """
    slugs = []
    for folder in sorted(_CONTENT.iterdir()):
        packed = pack.read(folder)
        slugs.append(packed.slug)
        if find_course(packed.slug) is None:
            publish_draft(import_pack(packed, owner_id=None).revision)
    return slugs
