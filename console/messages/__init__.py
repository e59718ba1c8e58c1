"""Messages about cases that go out: webhooks, chat, mail, pagers."""
