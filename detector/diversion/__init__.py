"""Where a text wants its reader to go: contact handles, numbers, group links, disguised links.

A contact is a target like any other: accounts whose texts differ in every word and lead to one
handle meet on it. Precision comes first: a handle is taken only after a marker word, or in a form
that nothing else has.
"""

from detector.diversion.contacts import contacts_in, diversions_in, is_disguised
from detector.diversion.links import spelled_links_in

__all__ = ["contacts_in", "diversions_in", "is_disguised", "spelled_links_in"]
