"""The web server's entrance."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from config.web.concurrency import Turns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A request waits for the database a dozen times, and each time for a thread that computes to make
# room: that thread is asked after half a millisecond instead of Python's five.
sys.setswitchinterval(0.0005)
application = Turns(get_wsgi_application())
