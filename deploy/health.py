"""`python -m deploy.health`: whether the service in this container is ready; what the image's HEALTHCHECK runs."""

import http.client
import os
import sys

TIME_LIMIT_SECONDS = 4


def is_ready(address: str) -> bool:
    """Whether the service that listens at this host:port answers that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", int(address.rpartition(":")[2]), timeout=TIME_LIMIT_SECONDS)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_ready(os.environ["LASTMILE_HTTP_ADDRESS"]))
