"""The ways in which agencies' names are shortened, brought to one form."""

import re

from lms.core.text import fold

#: Short forms of names' inner parts, as folded words, and what they stand for. Schools'
#: levels go the other way, to the short form that everybody writes.
_FORMS = {
    "uy ban nhan dan": "ubnd",
    "hoi dong nhan dan": "hdnd",
    "trung hoc pho thong": "thpt",
    "trung hoc co so": "thcs",
    "tieu hoc": "th",
    "mam non": "mn",
    "gddt": "giao duc dao tao",
    "gd dt": "giao duc dao tao",
    "ldtbxh": "lao dong thuong binh xa hoi",
    "ldtb xh": "lao dong thuong binh xa hoi",
    "ld tbxh": "lao dong thuong binh xa hoi",
    "ld tb xh": "lao dong thuong binh xa hoi",
    "lao dong tbxh": "lao dong thuong binh xa hoi",
    "lao dong tb xh": "lao dong thuong binh xa hoi",
    "khcn": "khoa hoc cong nghe",
    "kh cn": "khoa hoc cong nghe",
    "khdt": "ke hoach dau tu",
    "kh dt": "ke hoach dau tu",
    "tnmt": "tai nguyen moi truong",
    "tn mt": "tai nguyen moi truong",
    "nnmt": "nong nghiep moi truong",
    "nn mt": "nong nghiep moi truong",
    "nnptnt": "nong nghiep phat trien nong thon",
    "nn ptnt": "nong nghiep phat trien nong thon",
    "vhttdl": "van hoa the thao du lich",
    "vhtt dl": "van hoa the thao du lich",
    "vh tt dl": "van hoa the thao du lich",
    "tttt": "thong tin truyen thong",
    "tt tt": "thong tin truyen thong",
    "gtvt": "giao thong van tai",
    "dttg": "dan toc ton giao",
    "dt tg": "dan toc ton giao",
    "vhxh": "van hoa xa hoi",
    "vh xh": "van hoa xa hoi",
    "lhpn": "lien hiep phu nu",
    "mttq": "mat tran to quoc",
    "pvhcc": "phuc vu hanh chinh cong",
    "so nv": "so noi vu",
    "so tc": "so tai chinh",
    "so tp": "so tu phap",
    "so ct": "so cong thuong",
    "so xd": "so xay dung",
    "so yt": "so y te",
}
_BY_WORDS = {tuple(short.split()): tuple(form.split()) for short, form in _FORMS.items()}
_LONGEST = max(map(len, _BY_WORDS))
#: Short first words; two have two meanings.
_FIRST_WORDS = {
    "p": ("phuong", "phong"),
    "tt": ("thi tran", "trung tam"),
    "x": ("xa",),
    "tx": ("thi xa",),
    "tp": ("thanh pho",),
    "h": ("huyen",),
    "vp": ("van phong",),
}
#: The words that say what kind of territory a name is of, longest first.
TERRITORY_WORDS = (
    ("thanh", "pho"),
    ("thi", "tran"),
    ("thi", "xa"),
    ("tinh",),
    ("huyen",),
    ("phuong",),
    ("xa",),
)
_SCHOOL_LEVELS = frozenset({"thpt", "thcs", "th", "mn"})

Words = tuple[str, ...]


def spelled_out(text: str) -> list[Words]:
    """Return the readings of an agency's name as words in one form; mostly a single one.

    "UBND P. Từ Sơn" reads as phường Từ Sơn or as phòng Từ Sơn; "và" is dropped, and so are
    "UBND" before a territory and "Trường" before a school's level.
    """
    words = tuple(word for word in re.findall(r"[a-z0-9]+", fold(text)) if word != "va")
    return list(dict.fromkeys(_without_lead(_long_forms(reading)) for reading in _readings(words)))


def bare_name(words: Words) -> Words:
    """Return a territory's name without its kind: gia binh of xa gia binh; () for no territory."""
    for kind in TERRITORY_WORDS:
        if words[: len(kind)] == kind and len(words) > len(kind):
            return words[len(kind) :]
    return ()


def _readings(words: Words) -> list[Words]:
    lead = words[:1] if words[:1] == ("ubnd",) else ()
    rest = words[len(lead) :]
    meanings = _FIRST_WORDS.get(rest[0], ()) if len(rest) > 1 else ()
    return [(*lead, *meaning.split(), *rest[1:]) for meaning in meanings] or [words]


def _long_forms(words: Words) -> Words:
    spelled: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            form = _BY_WORDS.get(words[at : at + length])
            if form:
                spelled.extend(form)
                at += length
                break
        else:
            spelled.append(words[at])
            at += 1
    return tuple(spelled)


def _without_lead(words: Words) -> Words:
    if words[:1] == ("ubnd",) and bare_name(words[1:]):
        return words[1:]
    if words[:1] == ("truong",) and len(words) > 1 and words[1] in _SCHOOL_LEVELS:
        return words[1:]
    return words
