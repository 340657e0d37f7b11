"""The site under the bench with one scan to paint."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from tests.benchmarks.painter.scan import scan
from tests.benchmarks.site import free_port, site


def lay_out() -> tuple[str, str]:
    """A person with a claimed scan; gives the session's key and the painter's address."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from annotate import services
    from jobs.operations.first_run import collect_static
    from photos import services as photos
    from photos import storage
    from photos.decoding import scans
    from photos.models import Photo

    call_command("migrate", verbosity=0)
    collect_static(lambda text: None)
    original = storage.put(scans.write_png(scan(np.random.default_rng(1))), "image/png")
    photo = Photo.objects.create(original=original, title="Bench", wants_mask=True)
    photos.read_photo(photo)
    user = User.objects.create_user("bench")
    user.groups.add(Group.objects.get_or_create(name="assessor")[0])
    client = Client()
    client.force_login(user)
    assignment = services.claim_assignment(assessor=user)
    if assignment is None:
        raise RuntimeError("nothing to paint")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return key, reverse("annotate_paint", args=[assignment.pk])


@contextmanager
def served() -> Iterator[str]:
    """The address of the server that `manage.py up` starts, on a free port."""
    with site(free_port()) as (address, _):
        yield address
