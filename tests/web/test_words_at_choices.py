"""One letter is one answer, a word is none, and a key goes to the element that it was meant for."""

from __future__ import annotations

from tests.web.browser import until
from tests.web.one_case import Case, slow

WORDS = (
    ("cytologic atypia", "moderate"),
    ("cytologic atypia", "mild"),
    ("necrosis", "cannot be seen"),
    ("necrosis", "present in 30 %"),
    ("necrosis", "no"),
    ("necrosis", "n/a"),
    ("necrosis", "Not seen"),
    ("pleomorphism", "marked"),
    ("desmin", "negative"),
    ("desmin", "positive, strong"),
    ("deep edge", "uninvolved"),
    ("procedure", "excision of lesion"),
    ("procedure", "S26-01234"),
    ("features of atypia", "hug other"),
    ("pleomorphism", " moderate"),
)


def test_a_word_at_a_choice_answers_nothing_and_spills_nowhere(case: Case) -> None:
    before = case.saved()
    for (name, word), delay in [*((each, 0) for each in WORDS), *((each, 100) for each in WORDS[::4])]:
        path = case.find(name)
        case.keys.type(word, delay=delay)
        case.keys.press("Backspace")
        assert case.here() == path
        assert case.told(f"“{word}” was typed at ")
        assert case.saved() == before
        case.keys.press("Escape")


def test_a_word_at_an_open_choice_leaves_it_open_and_takes_no_detail_away(case: Case) -> None:
    """What hangs below an answer comes back with it: a wrong letter must not cost the depth that was measured."""
    path = case.find("desmin")
    case.keys.press("Backspace")
    before = case.part()
    assert "desmin" not in before["stains"]
    for word in ("negative", "positive"):
        assert case.find("desmin") == path
        case.keys.type(word)
        assert case.part() == before
    case.find("sma")
    before = case.part()
    assert before["stains"]["SMA"]["extent"]
    case.keys.type("negative", delay=120)
    assert case.part() == before


def test_a_word_that_spells_an_answer_is_known_at_the_speed_of_two_fingers(case: Case) -> None:
    before = case.saved()
    for name, word in (("desmin", "negative"), ("cytologic atypia", "mild"), ("laterality", "left")):
        path = case.find(name)
        case.keys.type(word, delay=400)
        assert case.here() == path
        assert case.told(f"“{word}” was typed at ")
        assert case.saved() == before


def test_the_name_of_another_stain_is_told_where_it_reads_as_an_answer_with_its_percentage(case: Case) -> None:
    case.find("caldesmon")
    case.keys.press("Backspace")
    case.keys.type("p80")
    assert case.part()["stains"]["caldesmon"] == {"result": "positive", "extent": "80 %"}
    assert "also the name" not in case.notice
    case.find("desmin")
    case.keys.press("Backspace")
    before = case.part()
    case.keys.type("p63", delay=20)
    assert case.told("“p63” was entered at Desmin. It is also the name of an element.")
    assert case.part()["stains"]["desmin"] == {"result": "positive", "extent": "63 %"}
    case.page.locator("#notice").get_by_role("button", name="Undo").click()
    case.page.wait_for_timeout(100)
    assert case.part() == before


def test_a_unit_is_picked_by_its_digit_and_not_spelled(case: Case) -> None:
    case.find("mitotic count")
    for key in ("Control+a", "7", "Tab", "Shift+Tab"):
        case.keys.press(key)
    unit = case.page.locator("[id='c:parts.A.mitoses'] input[value='10 HPF']")
    unit.focus()
    before = case.part()
    case.keys.type("10 HPF")
    assert case.told("“10 HPF” was typed at Mitotic count")
    assert case.part() == before
    unit.focus()
    case.keys.press("Escape")
    case.keys.type("124")
    assert case.part()["mitoses"] == {**before["mitoses"], "field_number": "2224 mm"}  # behind the 22 that was there


def test_a_letter_that_picks_nothing_is_told_at_the_foot_and_a_word_outside_of_fields_leaves_no_page(
    case: Case,
) -> None:
    before = case.saved()
    path = case.find("necrosis")
    case.keys.press("q")
    assert case.remark() == "“q” picks no answer of Necrosis."
    assert (case.here(), case.notice) == (path, "")
    case.page.evaluate("document.activeElement.blur()")
    address = case.page.url
    case.keys.type("growing", delay=30)
    case.page.wait_for_timeout(400)
    assert case.page.url == address
    assert case.saved() == before


def test_letters_picked_one_by_one_answer_at_any_speed(case: Case) -> None:
    for delay, answers in (
        (0, ("dermis", "infiltrative", "present", "not represented")),
        (60, ("subcutis", "circumscribed", "absent", "not identified")),
        (300, ("dermis", "mixed", "present in part", "focal")),
    ):
        case.find("epicenter")
        paths = ("epicenter", "growth", "fascicles", "subcutis")
        ids = {"present": "yes", "absent": "no", "present in part": "partly"}
        chosen = [ids.get(answer, answer) for answer in answers]
        keys = "".join(case.pick_of(f"parts.A.{path}", id) for path, id in zip(paths, chosen, strict=True))
        case.keys.type(keys, delay=delay)
        part = case.part()
        found = [part[path]["result"] if isinstance(part[path], dict) else part[path] for path in paths]
        assert found == chosen


def test_keys_that_are_faster_than_the_page_wait_and_none_is_lost(case: Case) -> None:
    """Three milliseconds a key, and a desk that needs a second until it is known which question comes next."""
    for name in ("deep edge", "features of atypia", "cytologic atypia"):
        case.find(name)
        case.keys.press("Backspace")
    assert "atypia" not in case.part()
    slow(case.page, 0.9)
    case.find("cytologic atypia")
    for key in ("l", "h", "u", "Enter", "f"):  # the features are asked because of the grade
        case.keys.press(key)
    part = case.part()
    assert part["atypia"] == {"grade": "mild", "features": ["hyperchromasia", "nuclear enlargement"]}
    assert part["pleomorphism"] == "focal"
    case.find("deep edge")
    case.keys.press("v")  # its location comes next
    case.keys.type("Base")
    for _ in range(4):
        case.keys.press("Backspace")
    case.keys.type("At 3 o'clock", delay=3)
    case.keys.press("Home")
    case.keys.type("Deep: ", delay=3)
    case.keys.press("Enter")
    case.keys.press("u")
    margins = case.part()["margins"]
    assert margins["deep"] == {"result": "involved", "location": "Deep: At 3 o'clock"}
    assert margins["peripheral"] == "uninvolved"


def test_a_desk_that_does_not_answer_swallows_no_key_unsaid(case: Case) -> None:
    slow(case.page, 0.3, lambda route: route.abort("connectionrefused"))
    case.find("deep edge")
    case.keys.type("u4", delay=3)
    until(case.page, "document.querySelector('#notice').textContent.includes('not entered: “4”')")
    here = case.here()
    case.keys.press("Enter")  # the page goes on with what it knows
    assert case.here() != here
    case.page.unroute("**/entries")
    assert case.part()["margins"]["deep"] == "uninvolved"
