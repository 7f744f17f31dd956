"""The five people of the demo who sign in, one for each role."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from lms.core.access import ADMIN, HR, LEAD, TRAINEE, TRAINER
from lms.core.db import db
from lms.people.models import Person
from lms.seed.demo.names import MAIL_DOMAIN
from lms.seed.demo.workplaces import SHOWN_WARD

#: For trying the product out, therefore printed; the demo is refused in production.
PASSWORD = "lang-tranh-dong-ho"  # noqa: S105


@dataclass(frozen=True)
class Account:
    """One of the five: who they are, where they work and what they oversee."""

    role: str
    username: str
    label: str
    full_name: str
    sex: str
    birth_date: date
    #: Code of the agency they work in.
    agency: str
    position: str
    is_leader: bool
    audiences: tuple[str, ...]
    #: Code of the agency in whose subtree the role holds; None is the whole province.
    oversees: str | None = None


ACCOUNTS = {
    account.role: account
    for account in (
        Account(
            TRAINEE, f"hocvien@{MAIL_DOMAIN}", "Học viên", "Nguyễn Thị Hòa", "F",
            date(1988, 5, 14), f"{SHOWN_WARD}-THCS1", "Giáo viên", False,
            ("teacher", "communicator"),
        ),
        Account(
            TRAINER, f"giangvien@{MAIL_DOMAIN}", "Giảng viên", "Trần Minh Đức", "M",
            date(1979, 9, 2), "24-TCT", "Giảng viên", False, ("official",),
        ),
        Account(
            HR, f"nhansu@{MAIL_DOMAIN}", "Cán bộ nhân sự phường Võ Cường", "Ngô Thu Hằng", "F",
            date(1984, 11, 23), f"{SHOWN_WARD}-PVHXH", "Trưởng phòng", True,
            ("official", "leader", "committee_member"), SHOWN_WARD,
        ),
        Account(
            LEAD, f"sonoivu@{MAIL_DOMAIN}", "Sở Nội vụ, phụ trách toàn tỉnh", "Giáp Văn Thành",
            "M", date(1976, 3, 30), "24-SNV", "Trưởng phòng", True, ("official", "leader"),
        ),
        Account(
            ADMIN, f"quantri@{MAIL_DOMAIN}", "Quản trị hệ thống", "Đỗ Quang Huy", "M",
            date(1990, 7, 8), "24-SKHCN", "Chuyên viên", False, ("official",),
        ),
    )
}  # fmt: skip

#: The five are the first people of the demo.
ACCOUNT_IDS = {role: number for number, role in enumerate(ACCOUNTS, 1)}


def list_accounts() -> list[dict[str, Any]]:
    """Return the demo accounts of this installation, none in production or without the demo."""
    if current_app.config["LMS_ENV"] == "production":
        return []
    usernames = [account.username for account in ACCOUNTS.values()]
    made = set(db.session.scalars(select(Person.email).where(Person.email.in_(usernames))))
    return [
        {
            "role": account.role,
            "username": account.username,
            "password": PASSWORD,
            "label": account.label,
            "name": account.full_name,
        }
        for account in ACCOUNTS.values()
        if account.username in made
    ]


def describe(accounts: list[dict[str, Any]]) -> list[str]:
    """Return the lines that tell a person how to sign in; none without accounts."""
    if not accounts:
        return []
    width = max(len(account["username"]) for account in accounts)
    return [
        f"Tài khoản dùng thử (mật khẩu chung: {PASSWORD}):",
        *(f"  {a['username']:{width}}  {a['label']} ({a['name']})" for a in accounts),
    ]
