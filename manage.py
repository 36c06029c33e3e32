"""Django's commands for developers (makemigrations, shell …)."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiao.config.settings.base")
execute_from_command_line(sys.argv)
