"""What WeasyPrint lays out: a parsed page, and the only addresses that it may load. Imports WeasyPrint."""

from __future__ import annotations

from weasyprint import HTML, urls

from reportgen.formats.fallback import fallbacks, named
from reportgen.formats.font_file import MACHINE
from reportgen.formats.fonts import font_files, own_faces
from reportgen.formats.logo import load_logo
from reportgen.formats.pdf_marks import set_apart
from reportgen.laboratory.model import Laboratory

BASE = "reportgen-layout:/"  # relative references in a layout resolve to it; only font names exist below it
LOGO = f"{BASE}logo"


def parsed_page(page: str, own: Laboratory | None, *, marked: bool) -> HTML:
    """The page, parsed; words with marks on their letters are set apart where they are set in a font of their own."""
    parsed = HTML(string=page, base_url=BASE, url_fetcher=BundledOnly(own))
    if marked:
        set_apart(parsed.etree_element)
    return parsed


class BundledOnly(urls.URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """A fetcher that knows the fonts and the laboratory's logo by name and refuses everything else."""

    def __init__(self, own: Laboratory | None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._ours = {path.name: path for path in font_files().values()}
        self._known = {BASE + name: (data, "font/ttf") for name, data in own_faces(own).values()}
        logo = load_logo(own)
        if logo:
            self._known[LOGO] = logo.data, f"image/{logo.kind}"

    def fetch(self, url: str, headers: object = None) -> urls.URLFetcherResponse:
        """The content of an address; raises `FatalURLFetchingError` for one that is not known."""
        data, kind = self._known.get(url) or (self._font(url), "font/ttf")
        return urls.URLFetcherResponse(url, data, {"Content-Type": kind})

    def _font(self, url: str) -> bytes:
        name = url.removeprefix(BASE)
        if url.startswith(BASE):
            if name.startswith(MACHINE.strip()):
                return named(name.partition(".")[0].replace("-", " ")).files()["regular"].read_bytes()
            if path := self._ours.get(name):
                return path.read_bytes()
            for font in fallbacks():
                for path in font.files().values():
                    if path.name == name:
                        return path.read_bytes()
        raise urls.FatalURLFetchingError("outside the layout")
