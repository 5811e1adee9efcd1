"""One of the writing processes of test_sqlite_writers.py: transactions that read, then write, as services do."""

import json
import sys
import time


def main() -> None:
    import django

    django.setup()
    from django.contrib.sessions.models import Session
    from django.db import DatabaseError, transaction
    from django.utils import timezone

    name, rounds = sys.argv[1], int(sys.argv[2])
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
    sys.stdout.write(json.dumps({"times": times, "errors": errors}))


if __name__ == "__main__":
    main()
