"""The laboratory's logo: a PNG or JPEG picture of a sensible size, looked at once."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from reportgen.findings import refuse
from reportgen.laboratory.model import Laboratory

if TYPE_CHECKING:
    from PIL import Image

_SIDE = 4000  # pixels; a small file can hold a picture that fills the memory
_ORIENTATION = 0x0112  # the tag of Exif that says how a picture is turned
_TALLEST = 150  # points on the page


class Logo(NamedTuple):
    """A picture; its width in points."""

    data: bytes
    kind: str  # png or jpeg
    width: float
    alt: str


def _as_all_can_show(picture: Image.Image, data: bytes, kind: str) -> tuple[bytes, str]:
    """The picture as every format can show it, upright: else (as printers deliver, in CMYK) made a PNG in RGB."""
    from PIL import ImageOps

    turned = picture.getexif().get(_ORIENTATION, 1) != 1
    if kind == "png" or (picture.mode in ("RGB", "L") and data[6:10] in (b"JFIF", b"Exif") and not turned):
        return data, kind
    made = BytesIO()
    ImageOps.exif_transpose(picture.convert("RGB")).save(made, "PNG")
    return made.getvalue(), "png"


@lru_cache(maxsize=8)
def load_logo(laboratory: Laboratory | None) -> Logo | None:
    """The logo of a laboratory that has one; raises T411 for a file that is no picture, or too large a one."""
    file = laboratory.file("logo") if laboratory else None
    if laboratory is None or file is None:
        return None
    from PIL import Image, ImageFile, UnidentifiedImageError

    lenient = ImageFile.LOAD_TRUNCATED_IMAGES  # the PDF engine sets this for the whole process; half a logo is none
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(file.data), formats=("PNG", "JPEG")) as picture:
            kind, (across, down) = str(picture.format).lower(), picture.size
            if max(across, down) > _SIDE:
                raise refuse("T411", f"has more than {_SIDE} pixels on a side", file.shown, hint="make it smaller")
            picture.load()
            data, kind = _as_all_can_show(picture, file.data, kind)
            if data is not file.data:
                with Image.open(BytesIO(data)) as made:
                    across, down = made.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise refuse("T411", "is not a picture that can be read", file.shown) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    wide = next(each.spec.layout.logo_width for each in reversed(laboratory.profiles) if "logo" in each.files)
    if wide * down / across > _TALLEST:
        message = f"would be more than {_TALLEST} points tall"
        raise refuse("T411", message, file.shown, hint="lower layout.logo_width")
    name = laboratory.spec.letterhead.name if laboratory.spec.letterhead else laboratory.spec.name
    return Logo(data, kind, wide, name)
