"""cmi5, xAPI (Tin Can) and AICC packages: recognised, and refused with what to do instead.

They report to a learning record store that the package's own address names, with a key
that each learner's browser would hold; SCORM, which the same programs export, needs none.
"""

from typing import NoReturn

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.manifest import FILE as SCORM_MANIFEST
from courses.formats.unpacking import ending, find_root, refusing_damage

KEY = "xapi"
LABEL = _l("xAPI, cmi5 or AICC package")
#: By which file each is known, and what is said of it.
_SIGNS = {"cmi5.xml": "xapi_cmi5", "tincan.xml": "xapi_tincan"}
#: An AICC course is described by these four together.
_AICC_ENDINGS = frozenset({"crs", "au", "des", "cst"})


def recognises(brought: Brought) -> bool:
    """Tell whether it is one of these and no SCORM package besides. Raises ArchiveError."""
    return _tell(brought) is not None and find_root(brought, SCORM_MANIFEST) is None


def read(brought: Brought) -> NoReturn:
    """Raise UnreadableCourse with the reason."""
    with refusing_damage():
        raise UnreadableCourse([_tell(brought) or Fault("package_no_manifest")])


def _tell(brought: Brought) -> Fault | None:
    for name, code in _SIGNS.items():
        root = find_root(brought, name)
        if root is not None:
            return Fault(code, root + name)
    endings = {ending(name) for name in brought.archive or ()}
    return Fault("xapi_aicc") if endings >= _AICC_ENDINGS else None
