"""cmi5, xAPI and AICC packages are known by name, and refused with what to do instead."""

import pytest

from courses.formats import scorm, xapi
from courses.formats.faults import MESSAGES, UnreadableCourse
from tests.courses.formats.building import brought, scorm_12, zip_of

AICC = {f"khoa.{kind}": "" for kind in ("crs", "au", "des", "cst")}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"cmi5.xml": "<courseStructure/>"}, "xapi_cmi5"),
        ({"tincan.xml": "<tincan/>", "index.html": ""}, "xapi_tincan"),
        ({"goi/tincan.xml": "<tincan/>"}, "xapi_tincan"),
        (AICC, "xapi_aicc"),
    ],
)
def test_each_is_refused_with_its_own_sentence(files, code):
    file = brought(zip_of(files))
    assert xapi.recognises(file)
    with pytest.raises(UnreadableCourse) as caught:
        xapi.read(file)
    (fault,) = caught.value.faults
    assert fault.code == code
    assert "SCORM" in MESSAGES[code]


def test_a_scorm_package_that_speaks_xapi_too_is_taken_as_scorm():
    file = brought(scorm_12(tincan__xml="<tincan/>"))
    assert not xapi.recognises(file)
    assert scorm.recognises(file)


def test_other_files_are_none_of_these():
    assert not xapi.recognises(brought(b"text"))
    assert not xapi.recognises(brought(zip_of({"a.crs": "", "b.au": ""})))
