"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi run`."""

import gc

gc.disable()  # until all is loaded: none of it is garbage, and looking costs a sixth of the start

from portal import serving, ticking  # noqa: E402
from portal.app import create_app  # noqa: E402

app = create_app()
serving.refuse_demo_in_production(app)
serving.survive_forks(app)
ticking.start(app)
serving.keep_what_is_loaded()
