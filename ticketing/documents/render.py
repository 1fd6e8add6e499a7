"""Fills a Word template.

Templates are Word files with ``{{ name }}`` in their text (docxtpl, Jinja2).  They come from offices, so they run in
Jinja2's sandbox and every value is escaped; a name that does not exist is a fault that says so, not a blank.
"""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import jinja2
from docx.image.exceptions import UnrecognizedImageError
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2.sandbox import SandboxedEnvironment

from ticketing.documents.content import Content, DocumentKind, chinese_date, document_number
from ticketing.documents.templates import default_template


class TemplateFault(Exception):
    """A template cannot be filled; the text says why, in words for the person who edited it."""


def template_for(kind: DocumentKind, folder: Path) -> bytes:
    """The office's own template ``<code>.docx`` in ``folder``, else the one that ships."""
    own = folder / f"{kind.code}.docx"
    return own.read_bytes() if own.is_file() else default_template(kind)


MARKS = {"signature_file": ("signature_mark", 9), "seal_file": ("seal_mark", 34)}
"""Place of a picture → its name in templates, and how high it stands in millimetres: a seal is about 42 across with
its margin, a signature fits a line (GB/T 9704-2012 has the seal over name and date)."""


def render(kind: DocumentKind, content: Content, template: bytes, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The paper as a Word file, with the pictures that are given by file id.  Raises TemplateFault."""
    environment = SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    try:
        document = DocxTemplate(io.BytesIO(template))
        values = _values(kind, content) | _marks(document, content, pictures or {})
        document.render(values, environment, autoescape=True)
        filled = io.BytesIO()
        document.save(filled)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError) as error:
        raise TemplateFault(f"{kind.code}.docx is not a Word file") from error
    except UnrecognizedImageError as error:
        raise TemplateFault("the picture of the signature or of the seal cannot be read") from error
    except jinja2.UndefinedError as error:
        raise TemplateFault(f"{kind.code}.docx names a value that does not exist: {error.message}") from error
    except jinja2.TemplateSyntaxError as error:
        raise TemplateFault(f"{kind.code}.docx: {error.message}") from error
    except jinja2.exceptions.SecurityError as error:
        raise TemplateFault(f"{kind.code}.docx does what a template may not do: {error}") from error
    return filled.getvalue()


def _values(kind: DocumentKind, content: Content) -> dict[str, object]:
    values: dict[str, object] = {
        field.name: _shown(getattr(content, field.name)) for field in dataclasses.fields(content)
    }
    values["document_number"] = document_number(kind, content)
    values["document_title"] = kind.zh
    return values


def _marks(document: DocxTemplate, content: Content, pictures: Mapping[str, bytes]) -> dict[str, object]:
    """Pictures of signature and seal; "" where there is none, or it cannot be read as one."""
    marks: dict[str, object] = {}
    for place, (name, height) in MARKS.items():
        picture = pictures.get(getattr(content, place))
        marks[name] = InlineImage(document, io.BytesIO(picture), height=Mm(height)) if picture else ""
    return marks


def _shown(value: object) -> object:
    if isinstance(value, date):
        return chinese_date(value)
    return value
