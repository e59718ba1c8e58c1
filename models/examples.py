"""One invented example of each public event, used by the schemas, the docs and the tests."""

from typing import Final

from models.events import Account, AnyEvent, Like, LikeAction, Post, PostKind, Trend

POST: Final = Post(
    post_id="p-20931",
    account_id="u-4711",
    text="Three days on one charge, I did not expect that #battery https://shop.example/nordal",
    created_at_ms=1_767_268_800_123,
    kind=PostKind.COMMENT,
    reply_to="p-20900",
    urls=("https://shop.example/nordal",),
    hashtags=("battery",),
    client="android-9.2",
    device_id="d-88",
    network_id="as64500",
)
DELETED: Final = Post(
    post_id="p-20931",
    account_id="u-4711",
    text="",
    created_at_ms=1_767_268_800_123,
    deleted_at_ms=1_767_268_855_000,
)
LIKE: Final = Like(
    account_id="u-4711",
    target_id="p-20900",
    action=LikeAction.LIKE,
    acted_at_ms=1_767_268_801_004,
    target_author_id="u-12",
    client="android-9.2",
    device_id="d-88",
    network_id="as64500",
)
RATING: Final = Like(
    account_id="u-4712",
    target_id="film-7",
    action=LikeAction.RATE,
    acted_at_ms=1_767_268_802_000,
    value=5.0,
)
ACCOUNT: Final = Account(
    account_id="u-4711",
    registered_at_ms=1_766_000_000_000,
    name="sunny1984",
    client="android-9.2",
    device_id="d-88",
    network_id="as64500",
    followers=12,
    verified=False,
    observed_at_ms=1_767_268_000_000,
)
TREND: Final = Trend(list="hot", topic="battery", rank=3, observed_at_ms=1_767_268_860_000, volume=48_211.0)
PAID: Final = Trend(list="hot", topic="spring sale", rank=4, observed_at_ms=1_767_268_860_000, paid=True)

EXAMPLES: Final[dict[str, tuple[AnyEvent, ...]]] = {
    "Post": (POST, DELETED),
    "Like": (LIKE, RATING),
    "Account": (ACCOUNT,),
    "Trend": (TREND, PAID),
}
