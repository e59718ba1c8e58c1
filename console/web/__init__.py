"""The web application: put together in `console.web.app`."""
