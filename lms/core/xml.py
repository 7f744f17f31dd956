"""XML that people send: parsed without entities, document types or the network."""

from typing import Any

from lxml import etree

from lms.core.text import N_

MESSAGES = {
    "xml_damaged": N_("The file is not well-formed XML. Please export it again."),
    "xml_doctype": N_("The XML file declares a document type, which is refused here."),
    "xml_too_large": N_("The XML file is larger than {limit} MB."),
}
MAX_BYTES = 20 * 1024**2


class XmlError(Exception):
    """XML that is not read: ``code`` is a key of MESSAGES, ``values`` fill it in."""

    def __init__(self, code: str, line: int | None = None, **values: object) -> None:
        super().__init__(code, line, values)
        self.code = code
        self.line = line
        self.values = values


def parse_xml(data: bytes, limit: int = MAX_BYTES) -> Any:
    """Return the root element (lxml). Raises XmlError, with the line where it is known."""
    if len(data) > limit:
        raise XmlError("xml_too_large", limit=limit // 1024**2)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError("xml_damaged", getattr(error, "lineno", None)) from None
    if root.getroottree().docinfo.doctype:
        raise XmlError("xml_doctype")
    return root
