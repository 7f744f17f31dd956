"""What a SCORM manifest says beside its table of contents: which SCORM, and each item's facts."""

import math
import re
from typing import Any

from courses.formats.manifest import Item, Manifest
from courses.formats.unpacking import attribute, child, descendants, text_of
from lms.core.text import clean

#: SCORM 1.2 RTE 3.4.4 asks for 4096 characters of launch data, 2004 for 4000.
LAUNCH_DATA_LENGTH = 4096
_CLOCK = re.compile(r"(\d{1,3}):(\d{2}):\d{2}")
_DURATION = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?")
_RULES = ("sequencingRules", "limitConditions", "rollupRules", "randomizationControls")


def tell_standard(manifest: Manifest) -> tuple[str, str]:
    """Return ``scorm12``, ``scorm2004`` or "" for neither, and the edition in its own words."""
    version = manifest.schema_version
    elements = [manifest.element, *(each.element for each in manifest.resources.values())]
    spaces = {str(uri) for element in elements for uri in element.nsmap.values()}
    if "2004" in version or "CAM" in version or any("adlcp_v1p3" in uri for uri in spaces):
        return "scorm2004", clean(version)[:40]
    if version.startswith("1.2") or any("adlcp_rootv1p2" in uri for uri in spaces):
        return "scorm12", ""
    if any(resource.scorm_type for resource in manifest.resources.values()):
        return ("scorm2004" if any("imscp_v1p1" in uri for uri in spaces) else "scorm12"), ""
    return "", ""


def learning_minutes(manifest: Manifest) -> int:
    """Return how long the metadata says that it takes, 0 when it does not.

    SCORM 1.2 writes hh:mm:ss, SCORM 2004 a duration of ISO 8601 such as PT1H30M.
    """
    metadata = child(manifest.element, "metadata")
    found = None if metadata is None else next(descendants(metadata, "typicalLearningTime"), None)
    said = "" if found is None else text_of(found).replace(" ", "")
    match = _CLOCK.match(said) or _DURATION.match(said)
    hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0)
    return hours * 60 + minutes


def item_facts(item: Item, standard: str) -> dict[str, Any]:
    """Return what the item gives to its player: pass mark from 0 to 1, launch data and so on."""
    facts: dict[str, Any] = {
        "launch_data": _text(item, "dataFromLMS")[:LAUNCH_DATA_LENGTH],
        "max_time": _text(item, "maxtimeallowed")[:40],
        "time_limit_action": _text(item, "timelimitaction")[:40],
        "prerequisites": _text(item, "prerequisites")[:200],
        "pass_share": _share(_text(item, "masteryscore"), 100),
    }
    if standard == "scorm2004":
        facts["pass_share"] = _passing_measure(item)
        threshold = child(item.element, "completionThreshold")
        if threshold is not None:
            measure = attribute(threshold, "minProgressMeasure") or text_of(threshold)
            facts["complete_share"] = _share(measure, 1)
    return {key: value for key, value in facts.items() if value not in ("", None)}


def orders_lessons(item: Item) -> bool:
    """Tell whether the item has rules for when it may be opened."""
    sequencing = child(item.element, "sequencing")
    if _text(item, "prerequisites"):
        return True
    if sequencing is None:
        return False
    modes = child(sequencing, "controlMode")
    forced = modes is not None and (
        attribute(modes, "choice").lower() == "false"
        or attribute(modes, "forwardOnly").lower() == "true"
    )
    return forced or any(child(sequencing, name) is not None for name in _RULES)


def limits_time(item: Item) -> bool:
    """Tell whether the item may be open for a time only."""
    if _text(item, "maxtimeallowed"):
        return True
    limits = child(item.element, "sequencing", "limitConditions")
    return limits is not None and bool(attribute(limits, "attemptAbsoluteDurationLimit"))


def _text(item: Item, name: str) -> str:
    return text_of(child(item.element, name))


def _passing_measure(item: Item) -> float | None:
    """Return the share that satisfies the primary objective; None when the package decides."""
    objective = child(item.element, "sequencing", "objectives", "primaryObjective")
    if objective is None or attribute(objective, "satisfiedByMeasure").lower() != "true":
        return None
    measure = next(descendants(objective, "minNormalizedMeasure"), None)
    return _share("1" if measure is None else text_of(measure), 1)


def _share(text: str, whole: float) -> float | None:
    """Return a number as a share of the whole, None for what is none."""
    try:
        value = float(text) / whole
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 1 else None
