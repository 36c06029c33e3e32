"""The survey and choices sheets with headers as pyxform understands them, each row knowing its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qiao.base.xlsform.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Sheets:
    """Rows as mappings; ``__row`` is the row's number as a spreadsheet shows it. ``fault``: headers that clash."""

    source: str
    survey: tuple[Mapping[str, Any], ...]
    choices: tuple[Mapping[str, Any], ...]
    fault: str | None = None

    @classmethod
    def of(cls, workbook: Workbook) -> Sheets:
        """Read both sheets; a sheet whose headers pyxform refuses comes out empty, with the reason in ``fault``."""
        from pyxform import aliases
        from pyxform.errors import PyXFormError
        from pyxform.parsing.sheet_headers import dealias_and_group_headers
        from pyxform.question import MultipleChoiceQuestion, Option

        made: dict[str, tuple[Mapping[str, Any], ...]] = {}
        fault: str | None = None
        for sheet, header_aliases, columns in (
            ("survey", aliases.survey_header, set(MultipleChoiceQuestion.get_slot_names())),
            ("choices", aliases.list_header, {*Option.get_slot_names(), "list name"}),
        ):
            try:
                grouped = dealias_and_group_headers(
                    sheet_name=sheet,
                    sheet_data=workbook.sheet(sheet),
                    sheet_header=workbook.sheet(f"{sheet}_header"),
                    header_aliases=header_aliases,
                    header_columns=columns,
                    strip_whitespace=True,
                    add_row_number=True,
                )
                made[sheet] = tuple(row for row in grouped.data if len(row) > 1)
            except PyXFormError as clash:
                made[sheet], fault = (), str(clash)
        return cls(workbook.name, made["survey"], made["choices"], fault)
