"""Lends the sentences Django's catalogues: imported where the site runs, and nowhere else."""

from django.utils.translation import gettext, ngettext

from config.words.marks import translate_by

translate_by(gettext, ngettext)
