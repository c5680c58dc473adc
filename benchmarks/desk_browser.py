"""How long a person waits in a browser: from picking an answer to the frame that shows the report with it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from run import CHECKOUT

sys.path.insert(0, str(CHECKOUT))

from tests.web.browser import CHROMIUM, browser, cases, open_case, page_at, served

PICK = """async (number) => {
  const root = document.documentElement;
  const control = document.getElementById("c:parts.A.necrosis");
  const answers = [...control.querySelectorAll("input[type=radio]")].slice(0, 2);
  const before = root.dataset.shown;
  const painted = new Promise((done) => {
    const look = new MutationObserver(() => {
      if (root.dataset.shown === before) return;
      look.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
    });
    look.observe(root, { attributes: true });
  });
  const begin = performance.now();
  answers.find((each) => !each.checked).click();
  return (await painted) - begin;
}"""


def waits(number: int) -> list[float]:
    """Milliseconds that a person waited, for each of some answers; none where there is no browser."""
    if not CHROMIUM:
        return []
    with tempfile.TemporaryDirectory() as name, browser() as started:
        folder = cases(Path(name) / "cases", ("shave-biopsy",))
        with served(folder) as desk, page_at(started, desk.address) as page:
            open_case(page, "S26-01234")
            page.keyboard.press("Alt+1")
            made = []
            for _ in range(number + 2):
                made.append(float(page.evaluate(PICK)))
                page.wait_for_timeout(150)
            return made[2:]
