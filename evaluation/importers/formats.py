"""The formats that `shoal convert` knows. To add one, write its file and give it a line here."""

from collections.abc import Mapping
from typing import NamedTuple

from evaluation.importers import (
    coortweet,
    csv,
    jetstream,
    mastodon,
    stock_tweets,
    trend_lists,
    twitter_v2,
    weibo_crawler,
    weibo_reposts,
)
from evaluation.importers.base import Convert, Source, Tally, WrongSource

__all__ = ["FORMATS", "Format", "Source", "Tally", "WrongSource"]


class Format(NamedTuple):
    """One format."""

    about: str
    convert: Convert


FORMATS: Mapping[str, Format] = {
    "weibo-reposts": Format("folder with originals.parquet and reposts.parquet", weibo_reposts.convert),
    "stock-tweets": Format("folder with tweets.parquet, or that file", stock_tweets.convert),
    "coortweet": Format("russian_coord_tweets or german_elections as Parquet, or their folder", coortweet.convert),
    "weibo-hot-list": Format("hourly hot lists; --type heat, reads or discussions", trend_lists.convert_hourly),
    "daily-trends": Format("daily trending lists as Parquet: date, trend, tweets_in_sample", trend_lists.convert_daily),
    "x-api-v2": Format("answers of the X (Twitter) API v2: JSON, an array, or lines", twitter_v2.convert),
    "jetstream": Format("Bluesky's Jetstream, a JSON object a line; - is standard input", jetstream.convert),
    "mastodon": Format("Mastodon's streaming API: server-sent events or JSON lines", mastodon.convert),
    "weibo-crawler": Format("JSON of dataabc/weibo-crawler, a file or a folder", weibo_crawler.convert),
    "csv": Format("any table with a header; needs --map", csv.convert),
}
