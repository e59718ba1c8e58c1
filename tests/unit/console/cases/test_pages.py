"""Pages of the queue and of a case: what is typed is kept, several at once, who holds what, JSON."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.cases.bulk import Choice, read_choice
from console.decisions import claims
from console.decisions.read import history, status_of
from console.security.roles import Role
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import ORIGIN, Clock, Visit, Visitor

DAY_MS = 86_400_000


def ticked(page: str) -> list[str]:
    return re.findall(r'name="left_out" value="([^"]+)" checked', page)


def carried(page: str) -> list[str]:
    return re.findall(r'type="hidden" name="left_out" value="([^"]+)"', page)


def decide(visitor: Visitor, action: str, campaign: str = "c1", seen: int = 0, **more: Any) -> Any:
    return visitor.fill(f"/cases/{campaign}/decide", action=action, revision=1, seen=seen, **more)


def test_ticks_and_words_outlive_paging(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    page = visitor.fill(
        "/cases/large/look", page=2, left_out=["a0", "a30", "stranger"], text="waiting for legal", reason="newsroom",
        to="role:lead",
    )  # fmt: skip
    assert page.status_code == 200
    assert ticked(page.text) == ["a30"]
    assert carried(page.text) == ["a0"]
    assert "waiting for legal</textarea>" in page.text
    assert 'value="newsroom" selected' in page.text
    assert 'value="role:lead" selected' in page.text
    assert "page 2 of 48" in page.text
    assert "touches 1,198 accounts" in page.text
    assert history(app.state.engine, "large") == []


def test_accounts_are_found_by_name_with_and_without_a_form(visit: Visit) -> None:
    for page in (visit(Role.VIEWER).get("/cases/large?find=zz"), visit(Role.LEAD).fill("/cases/large/look", find="zz")):
        assert "No account of this case has that in its name." in page.text
    page = visit(Role.MODERATOR).get("/cases/large?find=a119").text
    assert "page 1 of" not in page
    assert page.count('aria-label="Leave out a119') == 11


def test_viewers_cannot_try_out_account_ids(visit: Visit, app: FastAPI) -> None:
    SqlStore(app.state.engine).put([replace(case("who"), accounts=["real-1", "real-2", "real-3"])])
    assert visit(Role.MODERATOR).get("/cases/who?find=real-2").text.count("Leave out real-2") == 1
    assert "No account of this case has that in its name." in visit(Role.VIEWER).get("/cases/who?find=real-2").text


def test_who_comes_second_keeps_what_was_typed_and_sees_what_happened(visit: Visit, app: FastAPI) -> None:
    decide(visit(Role.LEAD), "watch", text="ring of May")
    page = decide(visit(Role.MODERATOR), "dismiss", reason="petition", text="my long reason", left_out=["a2"])
    assert page.status_code == 409
    assert "What you typed is still here" in page.text
    assert "Watch by lead" in page.text
    assert "ring of May" in page.text
    assert "my long reason</textarea>" in page.text
    assert 'value="petition" selected' in page.text
    assert ticked(page.text) == ["a2"]
    seen = int(re.search(r'name="seen" value="(\d+)"', page.text).group(1))  # type: ignore[union-attr]  # asserted by the search
    assert seen == status_of(app.state.engine, "c1").last_number
    again = decide(visit(Role.MODERATOR), "dismiss", seen=seen, reason="petition", text="my long reason")
    assert again.status_code == 303


def test_a_case_is_handed_over_to_people_who_are_there(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    assert decide(visitor, "hand_over", to="user:lead", left_out=["a1"]).status_code == 303
    assert status_of(app.state.engine, "c1").assigned_user == "lead"
    assert 'href="/cases/c1"' in visit(Role.LEAD).get("/?held=given").text
    assert 'href="/cases/c1"' not in visitor.get("/?held=given").text
    assert "handed over to lead" in visitor.get("/").text
    for to in ("user:ghost", "role:viewer", "lead", ""):
        assert decide(visitor, "hand_over", "c2", to=to).status_code == 422
    assert decide(visitor, "hand_over", "c2", to="role:admin").status_code == 303
    assert status_of(app.state.engine, "c2").assigned_role == "admin"


def test_the_second_person_is_asked_for(visit: Visit) -> None:
    assert "needs two people" in visit(Role.LEAD).get("/cases/large").text
    assert "needs two people" not in visit(Role.LEAD).get("/cases/c1").text
    decide(visit(Role.MODERATOR), "confirm", "large")
    assert "A second one must confirm" in visit(Role.LEAD).get("/cases/large").text
    assert "1 case waits for a second person" in visit(Role.LEAD).get("/").text
    again = decide(visit(Role.MODERATOR), "confirm", "large", seen=1)
    assert again.status_code == 409
    assert "a second person must confirm" in again.text


def test_enter_in_a_field_does_not_decide(visit: Visit) -> None:
    form = visit(Role.LEAD).get("/cases/c1").text.split('id="decide"', 1)[1]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert "/look" in first.group()


def test_several_are_shown_first_and_done_when_asked_again(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    chosen = re.findall(r'name="case" id="[^"]*" value="([^"]+)"', visitor.get("/").text)
    assert sorted(chosen) == ["1.0.c1", "1.0.c2", "1.0.large"]
    shown = visitor.fill("/bulk", action="dismiss", reason="fans", case=chosen)
    assert "touches 3 cases with 1,206 accounts" in shown.text
    assert history(app.state.engine, "c1") == []
    decide(visit(Role.LEAD), "watch", "c2")
    done = visitor.fill("/bulk", action="dismiss", reason="fans", case=chosen, sure="true")
    assert done.text.count(">done<") == 2
    assert done.text.count(">not done<") == 1
    assert "watch by lead" in done.text
    states = {name: status_of(app.state.engine, name).status for name in ("c1", "c2", "large")}
    assert states == {"c1": "dismissed", "c2": "watched", "large": "dismissed"}


def test_of_several_it_is_said_which_wait_for_a_second_person(visit: Visit) -> None:
    visitor = visit(Role.MODERATOR)
    chosen = ["1.0.c1", "1.0.large"]
    shown = visitor.fill("/bulk", action="confirm", case=chosen).text
    assert 'href="/cases/large"' in shown
    done = visitor.fill("/bulk", action="confirm", case=chosen, sure="true").text
    told = re.findall(r'href="/cases/(\w+)".*?>done</span> ([^<]+)<', done, re.DOTALL)
    assert told == [("c1", "confirmed"), ("large", "second person needed")]


def test_several_are_held_at_once_but_not_what_another_holds(visit: Visit, app: FastAPI) -> None:
    visit(Role.LEAD).fill("/cases/c2/claim")
    page = visit(Role.MODERATOR).fill("/bulk", action="claim", case=["1.0.c1", "1.0.c2"]).text
    assert "lead holds c2" in page
    held = {name: claims.of(app.state.engine, name, NOW_MS) for name in ("c1", "c2")}
    assert {name: claim.by for name, claim in held.items() if claim} == {"c1": "moderator", "c2": "lead"}
    assert 'href="/cases/c1"' in visit(Role.MODERATOR).get("/?held=me").text
    assert 'href="/cases/c2"' not in visit(Role.MODERATOR).get("/?held=nobody").text
    assert "lead holds this case until" in visit(Role.MODERATOR).get("/cases/c2").text


def test_cases_of_one_operator_are_decided_together(visit: Visit, app: FastAPI) -> None:
    SqlStore(app.state.engine).put([replace(case(name), operator="op") for name in ("army", "rest", "old")])
    visitor = visit(Role.MODERATOR)
    visitor.fill("/cases/old/decide", action="dismiss", reason="fans", revision=1, seen=0)
    page = visitor.get("/cases/army").text
    offered = re.findall(r'name="case" value="([^"]+)"[^>]*?( checked)?>', page.split('id="operator"')[1])
    assert sorted(offered) == [("1.0.army", ""), ("1.0.rest", " checked"), ("1.1.old", "")]
    ticked = ["1.0.army", "1.0.rest"]
    assert "This touches 2 cases" in visitor.fill("/bulk", action="confirm", case=ticked).text
    assert [status_of(app.state.engine, name).status for name in ("army", "rest")] == ["open", "open"]
    visitor.fill("/bulk", action="confirm", case=ticked, sure="true")
    assert [status_of(app.state.engine, name).status for name in ("army", "rest")] == ["confirmed", "confirmed"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"action": "undo", "case": ["1.0.c1"]}, 422),
        ({"action": "watch", "case": ["c1"]}, 422),
        ({"action": "watch", "case": ["1.0.none"]}, 404),
        ({"action": "watch", "case": ["1.0.c1"] * 201}, 422),
        ({"action": "watch"}, 200),
    ],
)
def test_bulk_refuses_what_cannot_be(visit: Visit, app: FastAPI, fields: dict[str, Any], code: int) -> None:
    assert visit(Role.LEAD).fill("/bulk", sure="true", **fields).status_code == code
    assert history(app.state.engine, "c1") == []


@given(st.text(max_size=140))
def test_a_choice_is_read_as_it_was_written_or_not_at_all(text: str) -> None:
    read = read_choice(text)
    assert read is None or read_choice(str(read)) == read


def test_choices_of_any_case_come_back() -> None:
    assert read_choice(str(Choice("a.b.c", 12, 345))) == Choice("a.b.c", 12, 345)


def test_the_queue_is_filtered_by_days(visit: Visit, app: FastAPI) -> None:
    SqlStore(app.state.engine).put([case("old", last_action_ms=NOW_MS - 3 * DAY_MS)])
    visitor = visit(Role.LEAD)
    assert 'href="/cases/old"' in visitor.get("/?days=7").text
    assert 'href="/cases/old"' not in visitor.get("/?days=1").text
    assert visitor.get("/?days=-1").status_code == 422


def test_revisions_and_other_cases_of_the_operator(visit: Visit, app: FastAPI) -> None:
    one, two = replace(case("one", accounts=4), operator="one"), replace(case("two", accounts=2), operator="one")
    SqlStore(app.state.engine).put([one, replace(one, revision=2, accounts=[*one.accounts, "new"]), two])
    visitor = visit(Role.LEAD)
    assert "1 account came" in visitor.get("/cases/one/revisions").text
    assert visitor.get("/cases/none/revisions").status_code == 404
    page = visitor.get("/cases/one").text
    assert 'href="/operators/one"' in page
    assert page.count('<a href="/cases/two">two</a>') == 2  # a0 and a1 were in it, a2, a3 and new were not


def test_json_tells_what_the_pages_tell(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.LEAD)
    first = visitor.get("/api/v1/cases?limit=2").json()
    rest = visitor.get("/api/v1/cases", params={"limit": 2, "after": first["next"]}).json()
    assert rest["next"] is None
    assert {each["campaign"] for each in first["cases"] + rest["cases"]} == {"c1", "c2", "large"}
    decide(visitor, "confirm", left_out=["a1"])
    told = visitor.get("/api/v1/cases/c1").json()
    assert told["alert"]["accounts"] == ["a0", "a1", "a2"]
    assert told["status"]["status"] == "confirmed"
    assert [entry["accounts_left_out"] for entry in told["decisions"]] == [["a1"]]
    hidden = visit(Role.VIEWER).get("/api/v1/cases/c1").json()
    assert not {"a0", "a1", "a2"} & {*hidden["alert"]["accounts"], *hidden["decisions"][0]["accounts_left_out"]}
    assert visitor.get("/api/v1/cases/none").status_code == 404


def test_json_decides_by_the_same_rules(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    headers = {"origin": ORIGIN, "x-form-token": visitor.token}

    def send(**body: Any) -> Any:
        return visitor.post("/api/v1/cases/c1/decisions", json={"revision": 1, "seen": 0, **body}, headers=headers)

    for body in ({"action": "fly"}, {"action": "reopen"}, {"action": "dismiss"}, {"action": "watch", "more": 1}):
        assert send(**body).status_code == 422, body
    done = send(action="confirm", accounts_left_out=["a1"])
    assert done.status_code == 201
    assert done.json()["status"]["status"] == "confirmed"
    assert send(action="watch").status_code == 409
    assert [entry.accounts_left_out for entry in history(app.state.engine, "c1")] == [("a1",)]
    bare = visitor.post("/api/v1/cases/c2/decisions", json={}, headers={"origin": ORIGIN})
    assert bare.status_code == 403
    assert history(app.state.engine, "c2") == []


def test_the_look_is_changed_from_an_answer_to_a_form_too(visit: Visit) -> None:
    visitor = visit(Role.MODERATOR)
    for page in (visitor.fill("/cases/c1/look"), decide(visitor, "undo"), visitor.fill("/bulk", action="watch")):
        back = re.search(r'name="next" value="([^"]*)"', page.text)
        assert back is not None
        assert visitor.get(back.group(1)).status_code == 200


def test_an_open_page_learns_who_looks_and_who_decided(visit: Visit, clock: Clock) -> None:
    one, two = visit(Role.MODERATOR), visit(Role.LEAD)
    assert 'hx-get="/cases/c1/others?seen=0"' in one.get("/cases/c1").text
    two.get("/cases/c1")
    part = one.get("/cases/c1/others?seen=0").text
    assert "Also looking: lead" in part
    assert "Somebody was faster" not in part
    clock.now_ms += 50_000
    assert "Also looking: moderator" in two.get("/cases/c1/others").text
    clock.now_ms += 50_000
    assert "Also looking: lead" in one.get("/cases/c1/others").text
    decide(two, "watch")
    told = one.get("/cases/c1/others?seen=0").text
    assert "Somebody was faster" in told
    assert "watched" in told
    assert "Somebody was faster" not in one.get("/cases/c1/others?seen=1").text
    assert one.get("/cases/none/others").status_code == 404


def test_counts_stand_in_the_part_that_refreshes_itself(visit: Visit) -> None:
    decide(visit(Role.MODERATOR), "watch")
    part = visit(Role.LEAD).get("/").text.split('id="queue"', 1)[1]
    assert "open 2 · watched 1" in part
