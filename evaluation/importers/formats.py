"""The formats that `shoal convert` knows. To add one, write its file and give it a line here."""

from collections.abc import Mapping
from typing import NamedTuple

from evaluation.importers import coortweet, csv, stock_tweets, weibo_reposts
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
    "csv": Format("any table with a header; needs --map", csv.convert),
}
