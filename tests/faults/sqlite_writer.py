"""The writing processes of test_sqlite_writers.py: transactions that read, then write, as services do."""

import json
import os
import sys
import time
import traceback
from pathlib import Path


def write(name: str, rounds: int) -> dict[str, list]:
    """Seconds of each of `rounds` transactions, and what went wrong."""
    from django.contrib.sessions.models import Session
    from django.db import DatabaseError, transaction
    from django.utils import timezone

    times, errors = [], []
    for number in range(rounds):
        started = time.monotonic()
        try:
            with transaction.atomic():
                total = Session.objects.get(pk="counter")
                Session.objects.create(pk=f"{name}-{number}", session_data="x" * 500, expire_date=timezone.now())
                total.session_data = str(int(total.session_data) + 1)
                total.save(update_fields=["session_data"])
        except DatabaseError as error:
            errors.append(str(error))
        times.append(time.monotonic() - started)
    return {"times": times, "errors": errors}


def main() -> None:
    """`count` processes that begin to write at once; what each found goes into a file of its name in `folder`.

    They are forks of this one, which has loaded the application and opened no connection, so that they write beside each
    other from their first round on instead of starting one after the other.
    """
    import django

    django.setup()
    from django.db import connection

    assert connection.connection is None
    folder, count, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    children = []
    for number in range(count):
        if not (child := os.fork()):
            code = 1
            try:
                found = write(f"writer{number}", rounds)
                (folder / f"writer{number}").write_text(json.dumps(found), encoding="utf-8")
                connection.close()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        children.append(child)
    sys.exit(max(os.waitpid(child, 0)[1] for child in children) != 0)


if __name__ == "__main__":
    main()
