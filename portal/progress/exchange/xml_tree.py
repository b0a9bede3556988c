"""XML of strangers read without what is dangerous in it: no document types, no own entities; and
what of a text XML can hold.
"""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from portal.errors import N_, Invalid

NOT_XML = N_("This is no XML file: line %(line)s, column %(column)s.")
HAS_TYPE = N_("The file declares a document type or entities, which are refused.")
TOO_DEEP = N_("The file is nested deeper than a plan ever is.")
OWN_MARK = " Written by the engineering portal "
"""A comment: what another program writes anew has it no more, and its float is its own then."""
DEEPEST = 50
ELEMENTS_MOST = 1_000_000


def read_xml(content: bytes) -> Element:
    """The root of a document; names come without namespace and attributes. The `xmlns` of the
    root is its namespace, `own` is 1 where a comment before it says it is ours. Raises Invalid.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = count = 0
    is_own = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > ELEMENTS_MOST:
            raise Invalid(TOO_DEEP)
        prefix, colon, name = tag.rpartition(":")
        told = (
            {} if depth > 1 else _root(attributes.get(f"xmlns{colon}{prefix}", ""), is_own=is_own)
        )
        builder.start(name, told)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition(":")[2])

    def comment(text: str) -> None:
        nonlocal is_own
        is_own = is_own or (not count and text == OWN_MARK)

    def refuse(*_: object) -> int:
        raise Invalid(HAS_TYPE)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.CommentHandler = comment
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Invalid(NOT_XML, line=error.lineno, column=error.offset + 1) from None
    return builder.close()


def _root(names: str, *, is_own: bool) -> dict[str, str]:
    return {"xmlns": names, "own": "1" if is_own else ""}


def printable(text: str) -> str:
    """A text without the characters XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
