"""Appeals by API: a platform files them and asks where they stand. No moderator is named to it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from console.appeals.entries import (
    CAMPAIGN_CHARACTERS_MAX,
    ID_CHARACTERS_MAX,
    STATEMENT_CHARACTERS_MAX,
    Appeal,
    Filing,
    Limits,
    Outcome,
)
from console.appeals.filing import file_appeal
from console.appeals.read import PAGE_MAX, appeal_of, appeals_page
from console.web.deps import Permission, Principal, clock, database, needs, settings_of

router = APIRouter()
Files = Annotated[Principal, Depends(needs(Permission.FILE_APPEALS))]
PATH = "/api/v1/appeals"
YEAR_2000_MS = 946_684_800_000


class AppealFiled(BaseModel):
    """What a platform files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: str = Field(
        min_length=1,
        max_length=ID_CHARACTERS_MAX,
        description="your name of it; sent again, it is the same appeal",
    )
    account: str = Field(min_length=1, max_length=ID_CHARACTERS_MAX, description="the account that appeals")
    campaign: str | None = Field(
        default=None,
        min_length=1,
        max_length=CAMPAIGN_CHARACTERS_MAX,
        description="the case; without it the newest decided one of the account",
    )
    statement: str = Field(default="", max_length=STATEMENT_CHARACTERS_MAX, description="what the account says")
    filed_at_ms: int = Field(ge=YEAR_2000_MS, lt=2**53, description="when the account appealed, epoch ms")


class AppealTold(BaseModel):
    """An appeal as its platform is told of it."""

    id: str
    reference: str
    campaign: str
    account: str | None = Field(description="null after the retention period")
    filed_at_ms: int
    received_at_ms: int
    status: Outcome = Field(description="`upheld`: the decision stands; `overturned`: not for this account")
    answered_at_ms: int | None
    href: str = Field(description="where the status is")


class AppealsTold(BaseModel):
    """A page of appeals."""

    appeals: list[AppealTold]
    next: str | None = Field(description="`after` of the next page; null on the last one")


@router.post(PATH, status_code=201)
def file_one(request: Request, response: Response, who: Files, filed: AppealFiled) -> AppealTold:
    """File an appeal: the case is opened again, for somebody who has not decided on it. 409 says why not.

    `detail` begins with the reason in one word of a closed set (docs/appeals-and-report.md).

    Sent again with the same reference, the answer is the same and nothing else happens.
    """
    settings = settings_of(request)
    limits = Limits(settings.appeal_days, settings.appeals_per_account_max)
    filing = Filing(filed.reference, filed.account, filed.filed_at_ms, filed.campaign, filed.statement)
    found = _told(file_appeal(database(request), filing, who.user_id, clock(request), limits))
    response.headers["location"] = found.href
    return found


@router.get(PATH)
def listing(
    request: Request,
    _who: Files,
    status: Literal["any", "waiting", "answered"] = "any",
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
) -> AppealsTold:
    """Appeals, newest first; those that wait oldest first."""
    waiting = None if status == "any" else status == "waiting"
    page = appeals_page(database(request), waiting, after, limit)
    return AppealsTold(appeals=[_told(each) for each in page.rows], next=page.next)


@router.get(PATH + "/{appeal_id}")
def one(request: Request, _who: Files, appeal_id: str) -> AppealTold:
    """Where an appeal stands."""
    found = appeal_of(database(request), appeal_id)
    if found is None:
        raise HTTPException(404)
    return _told(found)


def _told(appeal: Appeal) -> AppealTold:
    return AppealTold(
        id=appeal.appeal_id,
        reference=appeal.reference,
        campaign=appeal.campaign,
        account=appeal.account,
        filed_at_ms=appeal.filed_at_ms,
        received_at_ms=appeal.received_at_ms,
        status=appeal.outcome,
        answered_at_ms=appeal.answered_at_ms,
        href=f"{PATH}/{appeal.appeal_id}",
    )
