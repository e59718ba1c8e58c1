"""In the console's container: log in as admin, open a case. Arguments: case, password. Exit code 0 if it is shown."""

import re
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

SITE = "http://127.0.0.1:8321"
case, password = sys.argv[1:]
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
page = browser.open(SITE + "/login", timeout=10).read().decode()
fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
form = urllib.parse.urlencode({**fields, "user": "admin", "password": password}).encode()
browser.open(urllib.request.Request(SITE + "/login", form, {"Origin": SITE}), timeout=10)  # noqa: S310  # http, as written
page = browser.open(f"{SITE}/cases/{case}", timeout=10).read().decode()
sys.exit(0 if case in page and "/login" not in page.split("<main", 1)[0] else 1)
