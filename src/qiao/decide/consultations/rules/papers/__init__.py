"""Papers handed in as files: Word, OpenDocument and Markdown, read into numbered parts."""

from __future__ import annotations

from qiao.base.problems import Place, Problem
from qiao.decide.consultations.rules.papers.markdown import read_markdown
from qiao.decide.consultations.rules.papers.opendocument import read_odt
from qiao.decide.consultations.rules.papers.parts import Part, split_blocks
from qiao.decide.consultations.rules.papers.shapes import Block, Paper
from qiao.decide.consultations.rules.papers.word import read_docx

#: A file larger than that is no draft of a text.
LARGEST = 20 * 1024 * 1024
#: So many signs a text may have.
MOST_SIGNS = 2_000_000
READERS = {"docx": read_docx, "odt": read_odt, "md": read_markdown, "markdown": read_markdown, "txt": read_markdown}

__all__ = ["LARGEST", "MOST_SIGNS", "Block", "Paper", "Part", "read_paper", "split_blocks"]


def read_paper(name: str, data: bytes) -> Paper:
    """The paragraphs of a paper, by the ending of its name.

    Raises Problem, with the file and the paragraph, for what is no such file, holds macros or changes nobody has
    accepted, is too large, or has no text.
    """
    place = Place(source=name)
    ending = name.rpartition(".")[2].lower()
    if ending in {"doc", "wps", "rtf", "pdf"}:
        raise Problem(
            "Files of the kind .%(ending)s are not read.", place=place, ending=ending,
            hint="Save it as .docx, .odt or .md.",
        )  # fmt: skip
    if ending in {"docm", "dotm"}:
        raise Problem("The file holds macros.", place=place, hint="Save it as .docx, without macros.")
    reader = READERS.get(ending)
    if reader is None:
        raise Problem("Give a file of the kind .docx, .odt or .md.", place=place)
    if len(data) > LARGEST:
        raise Problem("The file is larger than %(most)d MB.", place=place, most=LARGEST // 1024 // 1024)
    if not data.strip():
        raise Problem("The file is empty.", place=place)
    paper = reader(name, data)
    if not any(block.text.strip() for block in paper.blocks):
        raise Problem("There is no text in the file.", place=place, hint="A scanned page is a picture: type its text.")
    signs = sum(len(block.text) for block in paper.blocks)
    if signs > MOST_SIGNS:
        raise Problem(
            "The text has %(signs)d signs; at most %(most)d are read.", place=place, signs=signs, most=MOST_SIGNS
        )
    return paper
