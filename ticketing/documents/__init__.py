"""The papers of the trade as Word and PDF: dispatch orders, letters, notices, applications, reports.

An office edits the Word templates (``hotline documents templates DIR``); what a template may name is in
:mod:`ticketing.documents.content`.
"""

from ticketing.documents.content import KINDS, SAMPLE, Content, DocumentKind, Item, content_fields, document_number
from ticketing.documents.filled import own_places, shared_places
from ticketing.documents.issue import Issued, find, issue, issued
from ticketing.documents.pdf import PdfFailed, to_pdf
from ticketing.documents.render import TemplateFault, render, template_for
from ticketing.documents.templates import default_template
from ticketing.documents.told import Told

__all__ = [
    "KINDS",
    "SAMPLE",
    "Content",
    "DocumentKind",
    "Issued",
    "Item",
    "PdfFailed",
    "TemplateFault",
    "Told",
    "content_fields",
    "default_template",
    "document_number",
    "find",
    "issue",
    "issued",
    "own_places",
    "render",
    "shared_places",
    "template_for",
    "to_pdf",
]
