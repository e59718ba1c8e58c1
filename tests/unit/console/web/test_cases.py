"""From the queue to a decision and back."""

import re
from typing import Any

import msgspec
import pytest
from fastapi import FastAPI

from console.decisions.read import history, status_of
from console.security.pseudonyms import hide_accounts, pseudonym, pseudonym_key
from console.security.roles import Role
from models.alerts import AlertState, Evidence, FamilySummary, Outcome, TargetSummary
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import ORIGIN, Visit, Visitor

HOSTILE = '<script>alert("a0")</script>\u202e'


def decide(visitor: Visitor, action: str, campaign: str = "c1", seen: int = 0, **more: Any) -> Any:
    return visitor.fill(f"/cases/{campaign}/decide", action=action, revision=1, seen=seen, **more)


def test_confirm_and_undo_from_the_page(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    assert 'href="/cases/c1"' in visitor.get("/").text
    assert decide(visitor, "confirm", left_out=["a1"], text="clear").headers["location"] == "/cases/c1?done=1"
    assert status_of(app.state.engine, "c1").status == "confirmed"
    assert 'href="/cases/c1"' not in visitor.get("/").text
    assert 'href="/cases/c1"' in visitor.get("/?status=confirmed").text
    page = visitor.get("/cases/c1").text
    seen = int(re.search(r'name="seen" value="(\d+)"', page).group(1))
    assert decide(visitor, "undo", seen=seen).status_code == 303
    log = history(app.state.engine, "c1")
    assert [(entry.action.value, entry.by, entry.accounts_left_out) for entry in log] == [
        ("confirm", "moderator", ("a1",)),
        ("undo", "moderator", ()),
    ]
    assert status_of(app.state.engine, "c1").status == "open"


def test_the_queue_begins_with_what_needs_a_person(visit: Visit, app: FastAPI) -> None:
    honest = case("honest", outcome=Outcome.ORGANIC)
    joined = msgspec.structs.replace(case("part", headline="3 (closed: joined campaign c1)"), state=AlertState.CLOSED)
    quiet = msgspec.structs.replace(case("quiet", headline="3 (closed: quiet since)"), state=AlertState.CLOSED)
    SqlStore(app.state.engine).put([honest, joined, quiet])

    def shown(query: str) -> set[str]:
        return set(re.findall(r'href="/cases/(\w+)"', visit(Role.VIEWER).get(f"/{query}").text))

    assert shown("") == {"c1", "c2", "large", "quiet"}
    assert shown("?joined=true") == {"c1", "c2", "large", "quiet", "part"}
    assert shown("?outcome=any") == {"c1", "c2", "large", "quiet", "honest"}
    assert shown("?outcome=coordinated_organic") == {"honest"}


def test_of_two_at_once_the_second_is_told(visit: Visit, app: FastAPI) -> None:
    assert decide(visit(Role.MODERATOR), "confirm").status_code == 303
    answer = decide(visit(Role.LEAD), "dismiss", reason="fans")
    assert answer.status_code == 409
    assert "Confirm by moderator" in answer.text
    assert len(history(app.state.engine, "c1")) == 1


def test_what_was_done_is_told_with_the_next_case_until_something_else_happens(visit: Visit) -> None:
    visitor, other = visit(Role.MODERATOR), visit(Role.LEAD)
    told = visitor.get(decide(visitor, "dismiss", reason="fans").headers["location"]).text
    assert "it is done." in told
    assert re.search(r'Next in the queue: <a href="/cases/(c2|large)"', told)
    assert "it is done." not in other.get("/cases/c1?done=1").text
    decide(other, "undo", seen=1)
    assert "it is done." not in visitor.get("/cases/c1?done=1").text


def test_no_other_case_waits(visit: Visit) -> None:
    visitor = visit(Role.MODERATOR)
    for campaign in ("c1", "c2"):
        decide(visitor, "watch", campaign)
    visit(Role.LEAD).fill("/cases/c1/claim")
    visit(Role.LEAD).fill("/cases/large/claim")
    assert "No other case waits." in visitor.get("/cases/c2?done=2").text


def test_a_reason_to_dismiss_is_chosen_not_given(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    choice = re.search(r'<select name="reason">.*?</select>', visitor.get("/cases/c1").text, re.DOTALL).group()
    assert choice.startswith('<select name="reason"><option value="">')
    answer = decide(visitor, "dismiss", text="kept words")
    assert answer.status_code == 422
    assert "<p><bdi>choose one of fans, petition, newsroom, other</bdi></p>" in answer.text
    assert "kept words</textarea>" in answer.text
    assert history(app.state.engine, "c1") == []


def test_no_decision_is_made_more_of_than_another(visit: Visit) -> None:
    page = visit(Role.MODERATOR).get("/cases/c1").text
    assert 'class="main"' not in page
    assert "Shoal does nothing to the accounts" in page


def test_a_family_is_named_by_its_text(visit: Visit, app: FastAPI) -> None:
    families = [FamilySummary("t1", 3, 0.9, ("three days on one charge",))]
    SqlStore(app.state.engine).put([msgspec.structs.replace(case("told"), families=families)])
    targets = visit(Role.MODERATOR).get("/cases/told").text.split('id="targets"')[1].split("</section>")[0]
    assert "three days on one charge" in targets


def test_the_shape_of_names_is_explained_where_it_is_told(visit: Visit, app: FastAPI) -> None:
    shape = Evidence("name_skeleton", 1.0, "3 of 3 names have the same shape (a4 94).", points=1.0, counted=1.0)
    SqlStore(app.state.engine).put([msgspec.structs.replace(case("named"), inauthenticity=[shape])])
    visitor = visit(Role.VIEWER)
    assert "the shape of anna1994" in visitor.get("/cases/named").text
    assert "the shape of anna1994" not in visitor.get("/cases/c1").text


def test_the_largest_need_two(visit: Visit, app: FastAPI) -> None:
    assert decide(visit(Role.MODERATOR), "confirm", "large").status_code == 303
    assert status_of(app.state.engine, "large").status == "pending"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"action": "dismiss", "reason": "dislike"}, 422),
        ({"action": "dismiss", "reason": "other"}, 422),
        ({"action": "undo"}, 409),
        ({"action": "hand_over"}, 422),
        ({"action": "fly"}, 422),
        ({"action": "confirm", "left_out": "stranger"}, 422),
        ({"action": "confirm", "campaign": "none"}, 404),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    visit: Visit, app: FastAPI, fields: dict[str, Any], code: int
) -> None:
    assert decide(visit(Role.LEAD), **fields).status_code == code
    assert history(app.state.engine, "c1") == []


def test_the_preview_counts_without_those_left_out(visit: Visit) -> None:
    visitor = visit(Role.LEAD)
    assert "touches 3 accounts" in visitor.fill("/cases/c1/preview").text
    assert "touches 2 accounts" in visitor.fill("/cases/c1/preview", left_out=["a1"]).text


def test_notes_claims_and_who_else_is_there(visit: Visit) -> None:
    one, two = visit(Role.MODERATOR), visit(Role.LEAD)
    one.fill("/cases/c1/notes", text=HOSTILE)
    one.fill("/cases/c1/claim")
    one.get("/cases/c1")
    page = two.get("/cases/c1").text
    assert "held by moderator" in page
    assert "Also looking: moderator" in page
    assert "<script>alert" not in page
    assert "U+202E" in page
    assert two.fill("/cases/c1/claim").status_code == 409
    one.fill("/cases/c1/claim", release="true")
    assert two.fill("/cases/c1/claim").status_code == 303


def test_hostile_texts_of_a_case_stay_texts(visit: Visit, app: FastAPI) -> None:
    alert = msgspec.structs.replace(
        case("evil", headline=HOSTILE), families=[FamilySummary("f", 2, 0.9, (HOSTILE, HOSTILE + "x"))]
    )
    SqlStore(app.state.engine).put([alert])
    for path in ("/", "/cases/evil"):
        page = visit(Role.LEAD).get(path).text
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "U+202E" in page


def test_viewers_see_pseudonyms_and_nothing_else(visit: Visit, app: FastAPI) -> None:
    target = TargetSummary("follow", "u-77", 3, 3, NOW_MS - 500, NOW_MS, author="u-12")
    alert = msgspec.structs.replace(
        case("who", headline="3 accounts followed u-77"),
        accounts=["u-1", "u-2", "u-3"],
        targets=[target],
        families=[FamilySummary("f", 2, 0.9, ("thanks u-1", "thanks u-2"))],
    )
    SqlStore(app.state.engine).put([alert])
    ids = re.compile(r"u-\d+")
    for path in ("/", "/cases/who"):
        hidden = visit(Role.VIEWER).get(path)
        assert hidden.status_code == 200
        assert ids.findall(hidden.text) == []
        assert ids.findall(visit(Role.MODERATOR).get(path).text) != []


def test_pseudonyms_are_stable_in_one_deployment_only(app: FastAPI) -> None:
    key = pseudonym_key(app.state.engine)
    assert key == pseudonym_key(app.state.engine)
    assert pseudonym(key, "a") == pseudonym(key, "a")
    assert pseudonym(key, "a") != pseudonym(b"x" * 32, "a")
    assert hide_accounts(key, case()).accounts == [pseudonym(key, name) for name in case().accounts]


def test_pages_are_small(visit: Visit) -> None:
    total = 0
    visitor = visit(Role.LEAD)
    for path in ("/cases/large", "/static/shoal.css", "/static/htmx.min.js", "/static/keys.js"):
        total += len(visitor.get(path).content)
    assert total < 300_000


def test_admins_make_users(visit: Visit) -> None:
    visitor = visit(Role.ADMIN)
    page = visitor.fill("/users/add", user_id="ann", role="viewer").text
    password = re.search(r"<code>([^<]+)</code>", page).group(1)
    assert visitor.get("/users").text.count(password) == 0
    assert visitor.fill("/users/add", user_id="ann", role="viewer").status_code == 422
    assert visitor.fill("/users/change", user_id="ann", role="lead").status_code == 303
    assert visitor.fill("/users/change", user_id="admin", role="viewer").status_code == 422
    assert visitor.fill("/users/change", user_id="nobody", role="viewer").status_code == 422


def test_an_admin_gives_another_password_which_opens_a_lock_and_ends_sessions(visit: Visit) -> None:
    locked_out, admin = visit(Role.LEAD), visit(Role.ADMIN)
    page = admin.fill("/users/password", user_id="lead").text
    password = re.search(r"<code>([^<]+)</code>", page).group(1)
    assert password not in admin.get("/users").text
    assert locked_out.get("/").status_code == 303
    form = {"user": "lead", "password": password}
    assert visit(None).post("/login", data=form, headers={"origin": ORIGIN}).status_code == 303
    assert admin.fill("/users/password", user_id="nobody").status_code == 422


def test_the_menu_keeps_the_filters(visit: Visit) -> None:
    page = visit(Role.LEAD).get("/?status=any&text=a%22b").text
    assert '<input type="hidden" name="next" value="/?status=any&amp;text=a%22b">' in page
