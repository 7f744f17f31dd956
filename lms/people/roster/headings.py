"""The words that head a roster's columns, and the field that each names."""

import re

from lms.core.text import clean, fold

NAME_FIELDS = frozenset({"full_name", "family_middle", "family", "middle", "given"})

#: Headers as fold() leaves them, punctuation and "và" dropped; the surer ones first, for
#: where two columns claim one field.
_HEADERS = {
    "ordinal": "stt|tt|s t t|t t|so tt|so thu tu|no",
    "staff_code": (
        "ma can bo|ma so can bo|ma cbcc|ma cbccvc|ma cong chuc|ma vien chuc|ma nhan vien|ma nv"
        "|ma giao vien|ma gv|ma dinh danh bo gddt|ma dinh danh giao vien|so hieu can bo"
        "|so hieu cong chuc|so hieu cong chuc vien chuc|so hieu cbccvc|so hieu|ma so|ma ho so"
        "|ma hoc vien|ma|staff code|employee code|employee id"
    ),
    "full_name": (
        "ho ten|ho chu dem ten|ho dem ten|ho ten khai sinh|ho ten day du|ten day du"
        "|ho ten chu in hoa|full name|fullname|name"
    ),
    "family_middle": "ho dem|ho ten dem|ho lot|ho chu lot|ho chu dem|ho ten lot",
    "family": "ho",
    "middle": "dem|ten dem|chu dem|ten lot|chu lot",
    "given": "ten",
    "birth": (
        "ngay thang nam sinh|ngay sinh|sinh ngay|ngay thang sinh|nam sinh|sinh nam|ns"
        "|date of birth|birth date|birthdate|birthday|dob|year of birth"
    ),
    "birth_day": "ngay",
    "birth_month": "thang",
    "birth_year": "nawm",
    "sex": "gioi tinh|nam nu|gioi|phai|gt|sex|gender",
    "male": "nam|nam gioi|ngay sinh nam|nam sinh nam|ngay thang nam sinh nam|male",
    "female": "nu|nu gioi|ngay sinh nu|nam sinh nu|ngay thang nam sinh nu|female",
    "position": (
        "chuc vu chuc danh|chuc danh chuc vu|chuc vu|chuc vu hien nay|chuc vu chuc danh hien nay"
        "|chuc danh|vi tri viec lam|vi tri cong tac|vi tri|cong viec|position|job title"
    ),
    "position_agency": (
        "chuc vu don vi cong tac|chuc vu don vi|chuc danh don vi cong tac"
        "|chuc vu chuc danh don vi cong tac|chuc vu co quan cong tac|chuc vu noi cong tac"
    ),
    "agency": (
        "don vi cong tac|co quan don vi cong tac|co quan cong tac|noi cong tac|noi lam viec"
        "|don vi|co quan don vi|co quan to chuc don vi|ten don vi|ten co quan|ten co quan don vi"
        "|co quan|so ban nganh|to chuc|truong|ten truong|don vi truong|co so giao duc"
        "|xa phuong|xa phuong thi tran|phuong xa|xa|phuong|dia phuong|phong ban|phong"
        "|ma don vi|ma co quan|agency|unit|organisation|organization|workplace"
    ),
    "phone": (
        "so dien thoai di dong|dien thoai di dong|so dien thoai|dien thoai|so dt|sdt|ddt|dtdd"
        "|so dtdd|di dong|so di dong|so dien thoai lien he|dien thoai lien he"
        "|so dien thoai lien lac|so dien thoai zalo|phone|phone number|mobile|tel"
    ),
    "email": (
        "email cong vu|thu dien tu cong vu|email|e mail|thu dien tu|dia chi email|dia chi e mail"
        "|dia chi thu dien tu|hop thu dien tu|hop thu|mail|gmail"
    ),
    "cccd": (
        "so cccd|cccd|so dinh danh ca nhan|so dinh danh|ma dinh danh ca nhan"
        "|ma so dinh danh ca nhan|so cccd so dinh danh|so can cuoc cong dan|can cuoc cong dan"
        "|so can cuoc|can cuoc|so the can cuoc|so cccd cmnd|cccd cmnd|cmnd cccd|so cmnd cccd"
        "|so cmnd|cmnd|cmtnd"
    ),
    "ethnicity": "dan toc",
    "audience": (
        "doi tuong|nhom doi tuong|doi tuong boi duong|doi tuong dao tao|doi tuong tap huan"
        "|doi tuong tham gia|loai doi tuong|audience"
    ),
    "note": "ghi chu|chu thich|note|notes|remark|remarks",
}
_FIELDS = {
    header: (field, rank)
    for field, headers in _HEADERS.items()
    for rank, header in enumerate(headers.split("|"))
}
#: Whom a list is of, as in "Họ và tên học viên": says nothing about the field.
_OF_WHOM = re.compile(
    r" (?:can bo|cong chuc|vien chuc|cbcc|cbccvc|cong chuc vien chuc|can bo cong chuc|giao vien"
    r"|hoc vien|nhan vien|dai bieu|nguoi lao dong|nguoi tham gia|cong tac vien|tuyen truyen vien"
    r"|can bo cong chuc vien chuc)$"
)
#: Words that only their diacritics tell apart: năm (year) from nam (man), ĐT (phone) from DT.
_TOLD_APART = {"năm": "nawm", "đt": "ddt", "đ.t": "ddt"}
_ASIDE = re.compile(r"\((?!\s*(?:nam|nữ)\s*\))[^)]*\)|\[[^\]]*\]", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w]+|_")
_LONGEST = 60

#: What kinds of agency a header restricts its column to.
_KINDS = {
    "xa": {"commune"},
    "phuong": {"ward"},
    "truong": {"school"},
}


def heading(text: str) -> str:
    """Return a header in the form that the table above is written in."""
    plain = _ASIDE.sub(" ", clean(text)).strip(" *:.")
    told = _TOLD_APART.get(plain.lower())
    if told:
        return told
    words = _SIGNS.sub(" ", fold(plain)).split()
    return " ".join(word for word in words if word != "va")


def field_of(text: str) -> tuple[str, int] | None:
    """Return the field that a header names and its rank (0 the surest), or None."""
    if len(text) > _LONGEST:
        return None
    words = heading(text)
    return _FIELDS.get(words) or _FIELDS.get(_OF_WHOM.sub("", words))


def agency_kinds(header: str) -> frozenset[str]:
    """Return the kinds of agency that a header such as "Xã/Phường" promises, else nothing."""
    words = heading(header).split()
    if not words or not set(words) <= {*_KINDS, "ten", "thi", "tran"}:
        return frozenset()
    return frozenset().union(*(_KINDS.get(word, set()) for word in words))
