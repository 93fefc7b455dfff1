"""The headers that protect whoever reads an answer; they stand on every one, whoever made it."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
PAIRS = [(name.lower(), (name, value)) for name, value in HEADERS.items()]


class Protected:
    """Puts them on what an application answers, unless it says something else there itself."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        """Answers a request."""

        def protect(status, headers, *rest):
            said = {name.lower() for name, _ in headers}
            headers.extend(pair for name, pair in PAIRS if name not in said)
            if environ["wsgi.url_scheme"] == "https":
                headers.append(HSTS)
            return start_response(status, headers, *rest)

        return self.app(environ, protect)
