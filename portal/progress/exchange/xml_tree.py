"""XML of strangers read without what is dangerous in it: no document types, no own entities."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from portal.errors import N_, Invalid

NOT_XML = N_("This is no XML file: line %(line)s, column %(column)s.")
HAS_TYPE = N_("The file declares a document type or entities, which are refused.")
TOO_DEEP = N_("The file is nested deeper than a plan ever is.")
DEEPEST = 50
ELEMENTS_MOST = 2_000_000


def read_xml(content: bytes) -> Element:
    """The root of a document; names come without their namespace. Raises Invalid."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > ELEMENTS_MOST:
            raise Invalid(TOO_DEEP)
        builder.start(tag.rpartition(":")[2], {})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition(":")[2])

    def refuse(*_: object) -> int:
        raise Invalid(HAS_TYPE)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Invalid(NOT_XML, line=error.lineno, column=error.offset + 1) from None
    return builder.close()
