"""The unzipper: what is read, and everything that is refused before it is unpacked."""

import contextlib
import io
import stat
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.archives import MESSAGES, ArchiveError, Limits, open_archive

HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "examples" / "hostile" / "zip"


def pack(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            file.writestr(name, data)
    return buffer.getvalue()


def refusal(data: bytes, limits: Limits | None = None) -> tuple[str, str]:
    with pytest.raises(ArchiveError) as caught:
        open_archive(data, limits or Limits())
    assert caught.value.code in MESSAGES
    return caught.value.code, caught.value.entry


def special(name: str, kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    return entry


def test_files_are_read_by_their_names():
    archive = open_archive(pack(("course.yml", b"format: 1"), ("images/a.svg", b"<svg/>")))
    assert dict(archive) == {"course.yml": b"format: 1", "images/a.svg": b"<svg/>"}
    assert archive.size("course.yml") == 9


def test_folders_and_what_systems_leave_behind_are_passed_over():
    archive = open_archive(
        pack(("images/", b""), ("a.txt", b"a"), ("__MACOSX/._a.txt", b"x"), ("b/.DS_Store", b"x"))
    )
    assert list(archive) == ["a.txt"]


def test_the_one_folder_that_holds_everything_is_taken_off():
    archive = open_archive(pack(("khoa/course.yml", b""), ("khoa/b/c", b"c")), marker="course.yml")
    assert list(archive) == ["course.yml", "b/c"]
    assert archive.top == "khoa/"
    assert archive["b/c"] == b"c"


def test_a_folder_without_the_marker_in_it_stays():
    assert list(open_archive(pack(("a/b", b"")), marker="course.yml")) == ["a/b"]


def test_vietnamese_names_come_out_composed_also_from_programs_that_hide_their_encoding():
    written = pack(("Bài số 1.txt", b"1"))
    unflagged = bytearray(written)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = unflagged.index(mark) + offset
        flags = struct.unpack_from("<H", unflagged, at)[0]
        struct.pack_into("<H", unflagged, at, flags & ~0x800)
    decomposed = pack((unicodedata.normalize("NFD", "Bài số 1.txt"), b"1"))
    for data in (written, bytes(unflagged), decomposed):
        assert list(open_archive(data)) == ["Bài số 1.txt"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("/etc/passwd", "absolute"),
        ("../../etc/passwd", "parent"),
        ("a/../../b", "parent"),
        ("C:/windows/a", "drive"),
        ("c:a", "drive"),
        ("a\\b", "backslash"),
        ("..\\a", "backslash"),
        ("a//b", "name"),
        ("./a", "name"),
        ("a\nb", "name"),
        ("a\u202eb", "name"),
        ("x" * 300, "name"),
        ("/".join("abcdefghijkl"), "too_deep"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name, code):
    assert refusal(pack((name, b"x")))[0] == code


def test_a_name_with_nul_is_refused_not_cut():
    data = pack(("courseXyml.exe", b"x")).replace(b"courseXyml.exe", b"course\x00yml.exe")
    assert refusal(data)[0] == "name"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind):
    assert refusal(pack((special("a", kind), b"/etc/passwd"))) == ("link", "a")


def test_an_entry_behind_a_password_is_refused():
    data = bytearray(pack(("a", b"secret")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + offset
        struct.pack_into("<H", data, at, struct.unpack_from("<H", data, at)[0] | 1)
    assert refusal(bytes(data)) == ("encrypted", "a")


def test_an_unusual_compression_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("a", b"x" * 100)
    assert refusal(buffer.getvalue()) == ("method", "a")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused():
    assert refusal(pack(("a", b"1"), ("a", b"2"))) == ("twice", "a")


def test_what_is_no_zip_or_was_cut_is_told_apart():
    assert refusal(b"") == ("not_a_zip", "")
    assert refusal(b"format: 1") == ("not_a_zip", "")
    whole = pack(("a", b"x" * 1000), ("b", b"y" * 1000))
    assert refusal(whole[: len(whole) // 2]) == ("truncated", "")


def test_a_damaged_entry_is_refused_when_it_is_read():
    data = bytearray(pack(("a", bytes(range(256)) * 8)))
    data[45] ^= 0xFF
    archive = open_archive(bytes(data))
    with pytest.raises(ArchiveError) as caught:
        archive["a"]
    assert (caught.value.code, caught.value.entry) == ("damaged", "a")


def test_bombs_and_floods_are_refused_before_they_are_unpacked():
    zeros = b"\0" * (2 * 1024**2)
    assert refusal(pack(("zero.bin", zeros))) == ("ratio", "zero.bin")
    assert refusal(pack(("a", b"12345"), ("b", b"123")), Limits(total_bytes=7))[0] == "too_large"
    many = pack(*((f"{n}", b"") for n in range(11)))
    assert refusal(many, Limits(files=10))[0] == "too_many_files"
    assert refusal(many, Limits(files=4))[0] == "too_many_files"


def test_an_entry_never_grows_past_the_size_it_declares():
    data = bytearray(pack(("a", b"x" * 5000)))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + offset, 10)
    archive = open_archive(bytes(data))
    with pytest.raises(ArchiveError):
        archive["a"]


@given(st.binary(max_size=400))
def test_no_bytes_bring_it_down(data):
    for tried in (data, b"PK\x03\x04" + data):
        with pytest.raises(ArchiveError):
            open_archive(tried)


@given(data=st.data())
def test_a_zip_with_some_bytes_changed_is_read_or_refused(data):
    written = bytearray(pack(("course.yml", b"format: 1\n" * 20), ("images/a.svg", b"<svg/>")))
    places = st.integers(0, len(written) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=6)):
        written[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ArchiveError):
        dict(open_archive(bytes(written)))


EXPECTED = {
    "bomb_ratio_50MB.zip": "ratio",
    "not_a_zip.zip": "not_a_zip",
    "slip_absolute.zip": "absolute",
    "slip_dotdot.zip": "parent",
    "slip_symlink.zip": "link",
    "truncated.zip": "truncated",
}


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the folder of hostile examples is not here")
def test_the_hostile_examples_are_refused_and_the_good_ones_read():
    for path in sorted(HOSTILE.glob("*.zip")):
        if path.name in EXPECTED:
            assert refusal(path.read_bytes())[0] == EXPECTED[path.name], path.name
        else:
            archive = open_archive(path.read_bytes(), marker="imsmanifest.xml")
            assert "imsmanifest.xml" in archive, path.name
            assert all(isinstance(data, bytes) for data in archive.values())
