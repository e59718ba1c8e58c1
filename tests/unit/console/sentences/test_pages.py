"""Pages in Chinese have no sentence of the detector in English; pages in English have the records' own words."""

import msgspec
import pytest

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.learn.precision import FEW
from console.security.roles import Role
from models.alerts import Alert, Evidence, Explanation
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import Visit, Visitor

TOPIC = "<script>alert(1)</script>\u202e"
HEADLINE = f"3 accounts acted on {TOPIC} (family) within 3 min 58 s; the evidence outweighs the innocent explanations"


def told(campaign: str = "k1") -> Alert:
    return msgspec.structs.replace(
        case(campaign, headline=HEADLINE),
        points_min=3.0,
        synchrony=[Evidence("span", 0.5, "They acted within 19 s, 42 % of them inside two minutes.")],
        inauthenticity=[
            Evidence("deletion", 1.0, "70 % of their posts were taken back within 10 min; by chance about 1 in 1,000.",
                     points=2.0, counted=0.0, held_back="visible_source"),
        ],
        explanations=[
            Explanation("hashtag", True, "A hashtag that anybody can see and join: but the same accounts met on 4.")
        ],
    )  # fmt: skip


def in_chinese(visitor: Visitor, path: str) -> str:
    return visitor.get(path, headers={"accept-language": "zh-CN"}).text


def test_a_case_reads_in_the_language_of_the_page(visit: Visit) -> None:
    moderator = visit(Role.MODERATOR)
    SqlStore(moderator.app.state.engine).put([told()])  # type: ignore[attr-defined]  # FastAPI's state
    page, english = in_chinese(moderator, "/cases/k1"), moderator.get("/cases/k1").text
    for sentence, said in (
        ("They acted within 19 s, 42 % of them inside two minutes.", "它们在 19 秒内行动，其中 42% 集中在两分钟内。"),
        ("by chance about 1 in 1,000.", "70% 的帖子发布后 10 分钟内就删掉了；巧合的概率：约 1/1,000。"),
        ("but the same accounts met on 4.", "但同一批账号一同出现在 4 个标签上。"),
        ("less than 1 in 10²⁰", "低于 1/10²⁰"),
        ("visible source", "公开来源"),
        ("<td><bdi>family</bdi></td>", "<td><bdi>相似文本</bdi></td>"),
        ("3 of 3 accounts, a row each, by time; 1 targets.", "3 个账号中的 3 个，每行一个，按时间排列；1 个目标。"),
    ):
        assert sentence in english
        assert said in page
        assert sentence not in page
    assert '<bdi lang="en">' not in page


@pytest.mark.parametrize("path", ["/", "/cases/k1", "/cases/k1/revisions", "/operators/k1"])
def test_a_headline_reads_in_chinese_and_a_stranger_stays_text(visit: Visit, path: str) -> None:
    moderator = visit(Role.MODERATOR)
    store = SqlStore(moderator.app.state.engine)  # type: ignore[attr-defined]  # FastAPI's state
    store.put([msgspec.structs.replace(told(), operator="k1")])
    page = in_chinese(moderator, path)
    assert "3 个账号在 3 分钟 58 秒内一起对 &lt;script&gt;" in page
    assert "U+202E" in page
    assert "证据强于合理解释" in page
    assert "<script>alert" not in page
    assert "outweighs" not in page


def test_the_queue_is_searched_in_the_words_of_the_page(visit: Visit) -> None:
    moderator = visit(Role.MODERATOR)
    SqlStore(moderator.app.state.engine).put([told()])  # type: ignore[attr-defined]  # FastAPI's state
    for text, found in (("合理解释", True), ("相似文本", True), ("点赞", False)):
        assert ("/cases/k1" in in_chinese(moderator, f"/?text={text}")) is found
        export = moderator.get(f"/export?format=csv&text={text}", headers={"accept-language": "zh-CN"}).text
        assert ("k1" in export) is found
    assert "/cases/k1" not in moderator.get("/?text=合理解释").text


def test_what_is_refused_says_why_in_chinese(visit: Visit) -> None:
    moderator = visit(Role.MODERATOR)
    SqlStore(moderator.app.state.engine).put([told()])  # type: ignore[attr-defined]  # FastAPI's state
    moderator.cookies.set("language", "zh")
    form = {"action": "dismiss", "reason": "other", "text": "", "revision": "1", "seen": "0"}
    refused = moderator.fill("/cases/k1/decide", **form)
    assert refused.status_code == 422
    assert "<p><bdi>请写明其他理由是什么</bdi></p>" in refused.text  # without the name that the field has for programs
    assert "say what the other reason is" not in refused.text


def test_what_was_learned_names_items_and_layers_in_chinese(visit: Visit) -> None:
    lead = visit(Role.LEAD)
    engine = lead.app.state.engine  # type: ignore[attr-defined]  # FastAPI's state
    counted = msgspec.structs.replace(told().inauthenticity[0], counted=2.0)
    SqlStore(engine).put([msgspec.structs.replace(told(f"p{n}"), inauthenticity=[counted]) for n in range(FEW)])
    for n in range(FEW):
        decide(engine, Order(f"p{n}", Action.CONFIRM, "m-1", 1, 0), NOW_MS)
    page = in_chinese(lead, "/learn")
    assert 'title="帖子起了作用就删掉吗？"><bdi>发后即删</bdi>' in page
    for word in ("相似文本", "多目标协同", "有协同，账号可疑"):
        assert f"<bdi>{word}</bdi>" in page
    assert 'title="Are the posts taken back once they have counted?"><bdi>deletion</bdi>' in lead.get("/learn").text
