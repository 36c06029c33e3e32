"""Word and OpenDocument files are ZIP archives: opened within bounds, their XML without entities."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from qiao.base.problems import Place, Problem

#: Unpacked, one member and all members together may have so many bytes; and so many members there may be.
LARGEST_MEMBER = 64 * 1024 * 1024
LARGEST_WHOLE = 256 * 1024 * 1024
MOST_MEMBERS = 5_000
#: XML packs well, pictures do not; what packs better than this was made to burst.
HIGHEST_RATIO = 400
#: Below this size the ratio says nothing.
_SMALL = 4 * 1024 * 1024


def opened(name: str, data: bytes) -> zipfile.ZipFile:
    """The archive. Raises Problem for what is none, is locked, or would unpack to more than the bounds."""
    place = Place(source=name)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Problem(
            "The file is an old Word file or locked with a password.", place=place,
            hint="Save it as .docx without a password.",
        )  # fmt: skip
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Problem(
            "The file is not what its name says, or is damaged.", place=place, hint="Open it and save it again."
        ) from None
    whole = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or whole > LARGEST_WHOLE
        or any(
            member.file_size > LARGEST_MEMBER
            or (member.file_size > _SMALL and member.file_size > HIGHEST_RATIO * max(1, member.compress_size))
            for member in members
        )
    ):
        raise Problem("The file unpacks to more than is read.", place=place)
    if any(member.flag_bits & 1 for member in members):
        raise Problem("The file is locked with a password.", place=place, hint="Save it without one.")
    return archive


def content(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    """One member, no more of it than the bounds allow, whatever its header claims. Raises Problem."""
    try:
        with archive.open(member) as stream:
            data = stream.read(LARGEST_MEMBER + 1)
    except KeyError:
        raise Problem(
            "The file is not what its name says, or is damaged.", place=Place(source=name),
            hint="Open it and save it again.",
        ) from None  # fmt: skip
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        raise Problem("The file is damaged.", place=Place(source=name), hint="Open it and save it again.") from None
    except Exception as error:  # zlib.error has no base of its own but Exception
        if type(error).__module__ != "zlib":
            raise
        raise Problem("The file is damaged.", place=Place(source=name), hint="Open it and save it again.") from None
    if len(data) > LARGEST_MEMBER:
        raise Problem("The file unpacks to more than is read.", place=Place(source=name))
    return data


def tree(data: bytes, name: str) -> etree._Element:
    """XML without entities, without the network. Raises Problem for what is none, or has a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Problem("The file is damaged.", place=Place(source=name), hint="Open it and save it again.") from None
    if root.getroottree().docinfo.doctype:
        raise Problem("The file declares a document type, which no such file does.", place=Place(source=name))
    return root
