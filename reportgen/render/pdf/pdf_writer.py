"""A laid-out document to PDF bytes that conform to PDF/A-3a and PDF/UA-1 at once.

Source of the metadata: ISO 19005-3 (PDF/A-3) 6.6, ISO 14289-1 (PDF/UA-1) 5, and the PDF
Association's rule that a PDF/A file declares the schema of pdfuaid.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pydyf
from weasyprint import Attachment

from reportgen.render.layout import watermark
from reportgen.render.pdf.synthetic_bold import synthetic_bold
from reportgen.render.pdf.table_headers import correct_table_tags

if TYPE_CHECKING:
    from datetime import date

    from weasyprint import Document

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.layout.laid_out_document import Layout

DEFAULT_LANGUAGE = "zh-Hant-TW"  # if the template has no lang attribute
# Attachments by file extension: media type and relationship (ISO 19005-3, E.2).
ATTACHMENT_TYPES = {
    ".xlsx": ("/application#2fvnd.openxmlformats-officedocument.spreadsheetml.sheet", "Source"),
    ".xlsm": ("/application#2fvnd.ms-excel.sheet.macroEnabled.12", "Source"),
    ".ods": ("/application#2fvnd.oasis.opendocument.spreadsheet", "Source"),
    ".json": ("/application#2fjson", "Data"),
    ".zip": ("/application#2fzip", "Supplement"),
}
ZLIB_LEVEL = 6  # pydyf's own is 9: twice the time for 1 % of the size


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFile:
    """A file embedded in the PDF: the source workbook, or other data of the document."""

    name: str
    content: bytes
    description: str


def write_pdf(
    layout: Layout,
    *,
    title: str,
    author: str,
    day: date,
    attached: tuple[EmbeddedFile, ...],
    fonts: FontSet,
) -> bytes:
    """Return a PDF/A-3a and PDF/UA-1 of a layout, with files attached and its watermark.

    It is byte-identical for the same input; its dates are ``day``, not the clock's. Sets the
    metadata of the layout's document, and uses its boxes up: nothing can read them afterwards.
    """
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    attachments = [
        Attachment(
            file_obj=io.BytesIO(attachment.content),
            name=attachment.name,
            description=attachment.description,
            created=stamp,
            modified=stamp,
            relationship=_attachment_type(attachment.name)[1],
        )
        for attachment in attached
    ]
    metadata = layout.document.metadata
    metadata.title, metadata.authors = title, [author]  # the same as in the XMP, as PDF/A asks
    metadata.lang = metadata.lang or DEFAULT_LANGUAGE
    metadata.created = metadata.modified = stamp.strftime("%Y-%m-%dT%H:%M:%SZ")

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        """Complete the PDF before it is written: metadata, tags, watermark, attachments."""
        _replace_metadata(pdf, _build_xmp(title, author, metadata.lang, metadata.created))
        _forbid_interpolation(pdf)
        correct_table_tags(document)
        watermark.draw_watermark(layout, pdf, fonts, watermark.read_watermark(layout))
        _normalize_attachments(pdf)
        _serialize_objects(pdf)

    contents = b"".join(attachment.content for attachment in attached)
    identifier = hashlib.sha256(contents + title.encode()).hexdigest()[:32]
    with synthetic_bold():
        data: bytes = layout.document.write_pdf(
            finisher=finish,
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier.encode(),
            attachments=attachments,
        )
    return data


def write_preview_pdf(layout: Layout, mark: watermark.Watermark | None, fonts: FontSet) -> bytes:
    """Return the same pages as a PDF for viewing only: without tags, dates and attachments.

    ``mark`` is the watermark to draw, None for none; what the layout declares is not looked at.
    """

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        """Draw the watermark, and compress the streams."""
        _forbid_interpolation(pdf)
        watermark.draw_watermark(layout, pdf, fonts, mark)
        _serialize_objects(pdf)

    with synthetic_bold():
        data: bytes = layout.document.write_pdf(finisher=finish)
    return data


def _replace_metadata(pdf: pydyf.PDF, xmp: str) -> None:
    """Replace the XMP metadata of a PDF, uncompressed, and set its creator."""
    number = int(pdf.catalog["Metadata"].split()[0])
    pdf.objects[number].stream = [xmp.encode()]
    pdf.objects[number].compress = False
    pdf.info["Creator"] = pydyf.String("reportgen")


def _normalize_attachments(pdf: pydyf.PDF) -> None:
    """Give the attachments of a PDF, in place, names and types in a form that does not vary.

    WeasyPrint writes the name's older form in UTF-8, which readers show as gibberish, and takes the
    type from the machine's own list; it lists the file twice.
    """
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for pdf_object in pdf.objects:
        if isinstance(pdf_object, pydyf.Dictionary) and pdf_object.get("Type") == "/Filespec":
            # The list of attachments has the same string object.
            pdf_object["F"].string = pdf_object["UF"].string
            stream = pdf.objects[int(pdf_object["EF"]["F"].split()[0])]
            stream.extra["Subtype"] = _attachment_type(pdf_object["UF"].string)[0]


def _attachment_type(name: str) -> tuple[str, str]:
    """Return (media type, relationship) of an attachment by its file extension.

    They are those of unspecified bytes for an unknown extension.
    """
    return ATTACHMENT_TYPES.get(
        name[name.rfind(".") :].lower(), ("/application#2foctet-stream", "Unspecified")
    )


class _Serialized(pydyf.Object):  # type: ignore[misc]
    """An object in its serialized form."""

    data = b""

    def __init__(self, original: pydyf.Object) -> None:
        """Copy the numbers of an object, and serialize it."""
        super().__init__()
        self.number, self.generation, self.free = (
            original.number,
            original.generation,
            original.free,
        )
        self.data = original.data


def _serialize_objects(pdf: pydyf.PDF) -> None:
    """Serialize and compress each object of a PDF in place, once.

    pydyf would do so for the file and again for its identifier. Nothing may be changed afterwards.
    Two streams are added when the file is written, the object stream and the cross-reference
    stream: these are compressed as they are added.
    """
    for number, pdf_object in enumerate(pdf.objects):
        if isinstance(pdf_object, pydyf.Stream):
            _compress_stream(pdf_object)
        elif pdf_object.free == "n":
            pdf.objects[number] = _Serialized(pdf_object)
    add = pdf.add_object

    def add_compressed(pdf_object: pydyf.Object) -> None:
        if isinstance(pdf_object, pydyf.Stream):
            _compress_stream(pdf_object)
        add(pdf_object)

    pdf.add_object = add_compressed


def _compress_stream(stream: pydyf.Stream) -> None:
    """Compress a stream in place, and set its filter, if it is marked to be compressed.

    A picture is compressed again.
    """
    if stream.compress:
        content = zlib.compress(b"\n".join(map(pydyf._to_bytes, stream.stream)), ZLIB_LEVEL)
        stream.compress = False
        stream.stream, stream.extra["Filter"] = _stream_and_filter(content)
    elif _is_deflated_picture(stream):
        _recompress_picture(stream)


def _is_deflated_picture(stream: pydyf.Stream) -> bool:
    """Return whether a stream holds the pixels of a picture as zlib compresses them."""
    return bool(
        stream.extra.get("Subtype") == "/Image" and stream.extra.get("Filter") == "/FlateDecode"
    )


def _recompress_picture(stream: pydyf.Stream) -> None:
    """Compress the pixels of a picture as Python's zlib does, in place.

    Pillow has a zlib of its own, which gives other bytes on another system or processor.
    """
    pixels = zlib.decompress(b"".join(map(pydyf._to_bytes, stream.stream)))
    stream.stream, filters = _stream_and_filter(zlib.compress(pixels, ZLIB_LEVEL))
    if filters != stream.extra["Filter"]:
        stream.extra["Filter"] = filters
        if "DecodeParms" in stream.extra:
            stream.extra["DecodeParms"] = pydyf.Array(("null", stream.extra["DecodeParms"]))


def _stream_and_filter(content: bytes) -> tuple[list[bytes], str]:
    """Return compressed content and its filter, in ASCII if it ends with a carriage return.

    A reader would take the carriage return for the line end before ``endstream``.
    """
    if not content.endswith(b"\r"):
        return [content], "/FlateDecode"
    return [base64.a85encode(content) + b"~>"], "[/ASCII85Decode /FlateDecode]"


def _forbid_interpolation(pdf: pydyf.PDF) -> None:
    """Set ``/Interpolate false``: ISO 19005-3, 6.2.8 forbids smoothing of images."""
    for pdf_object in pdf.objects:
        if isinstance(pdf_object, pydyf.Stream) and pdf_object.extra.get("Subtype") == "/Image":
            pdf_object.extra["Interpolate"] = "false"


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>reportgen</xmp:CreatorTool>
<xmp:CreateDate>{day}</xmp:CreateDate>
<xmp:ModifyDate>{day}</xmp:ModifyDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def _build_xmp(title: str, author: str, language: str, day: str) -> str:
    """Return the XMP metadata of a PDF/A-3a and PDF/UA-1; ``day`` is the date and time."""
    from weasyprint import VERSION

    return _XMP.format(
        title=escape(title),
        author=escape(author),
        language=escape(language),
        day=day,
        producer=f"WeasyPrint {VERSION}",
    )
