"""Single requests to the servers of the bench, outside any measurement."""

import http.client


def fetch(port: int, path: str, cookie: str = "") -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of a GET; raises OSError while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()
