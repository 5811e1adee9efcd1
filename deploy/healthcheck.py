"""Container health: exit code 0 when the process in this container answers /health on the port given as argument."""

import http.client
import sys


def main() -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=4)
    try:
        connection.request("GET", "/health", headers={"Host": "localhost"})
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
